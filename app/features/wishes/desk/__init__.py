"""The desk of wishes: what those who answer for communities have to do next."""
