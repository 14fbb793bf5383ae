"""Wishes of residents without an account: the poster, the form behind it, the receipt, and who reads what came."""
