"""The key (VAPID) that proves to push services that it is this house which writes to a browser."""

import base64
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def make(path: Path) -> None:
    """Make the key, readable by its owner alone; never over another one, to which browsers have subscribed.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be written.
    """
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def public_key(path: Path) -> str:
    """What browsers subscribe with, in base64url; empty where there is no key that can be read."""
    try:
        return _public(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError):
        return ""


@lru_cache(maxsize=2)
def _public(path: Path, _changed: int) -> str:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
