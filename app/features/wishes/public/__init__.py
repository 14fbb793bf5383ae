"""Wishes that residents send without an account: the form behind a poster, and the receipt with which they see on."""
