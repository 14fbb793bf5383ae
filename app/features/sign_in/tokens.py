"""Secrets that leave the house once; the database keeps only their digests."""

import hashlib
import secrets


def new_token() -> str:
    """A session token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 of a secret with enough entropy of its own, as hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
