"""The day on which a wish meets the members: now, with a round of the branch, later, or elsewhere in better hands."""
