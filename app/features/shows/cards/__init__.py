"""The first face: who a member is, whom the card is shown to, and its public page."""
