"""How wishes come in: entered by collectors, completed with a contact, handed in, verified."""
