"""The ledger 台账: an append-only list of facts, chained per branch, from which every score is computed."""
