"""One folder per noun of the field; see app/README.md for who may import whom."""
