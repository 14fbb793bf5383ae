"""A rule set tried on the ledger: how many sheets it would change. Nothing of it is kept."""
