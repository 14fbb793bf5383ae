"""Passkeys (WebAuthn): the browser signs a challenge with a key that never leaves the device.

The challenge is derived from the token of the session it is for: random, known to this browser alone, and of no use in
any other session. A session is completed once.

The library takes 14 MB of memory: it is read with the first passkey.
"""

import hashlib
import json
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from app.core.addresses import host_of
from app.features.sign_in.factors.rules import WrongPasskeyError

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

MOST_CHARACTERS: Final = 20_000
"""Of what a browser answers; no attestation is asked for, so it is some hundred."""


class Site(NamedTuple):
    """For whom a passkey is made: browsers give it to nobody else."""

    host: str
    origin: str
    challenge: bytes


class Passkey(NamedTuple):
    """What is kept of a passkey; all of it may be known."""

    credential_id: str
    public_key: str
    counter: int


def site(host: str, *, https: bool, token: str, purpose: str) -> Site | None:
    """The site of a request that came to ``host``; ``None`` where browsers make no passkeys: by an IP address."""
    name, scheme = host_of(host), "https" if https else "http"
    try:
        ip_address(name)
    except ValueError:
        challenge = hashlib.sha256(f"{purpose}:{token}".encode()).digest()
        return Site(name, f"{scheme}://{host}", challenge) if name else None
    return None


def options_to_make(site: Site, *, member_id: UUID, name: str, known: Iterable[str]) -> str:
    """What the browser needs to make a passkey, as JSON. ``known`` are those that the person has already."""
    import webauthn  # noqa: PLC0415 (see above)
    from webauthn.helpers import options_to_json  # noqa: PLC0415 (see above)
    from webauthn.helpers.structs import (  # noqa: PLC0415 (see above)
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Sanliang 三亮",
        user_id=member_id.bytes,
        user_name=name,
        challenge=site.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def options_to_prove(site: Site, known: Iterable[str]) -> str:
    """What the browser needs to sign with one of the ``known`` passkeys, as JSON."""
    import webauthn  # noqa: PLC0415 (see above)
    from webauthn.helpers import options_to_json  # noqa: PLC0415 (see above)

    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=site.challenge, allow_credentials=_described(known)
    )
    return options_to_json(options)


def made(site: Site | None, answer: str) -> Passkey:
    """The passkey that the browser has made.

    Raises:
        WrongPasskeyError: the answer is not for this site and session, or cannot be read.
    """
    if site is None:
        raise WrongPasskeyError
    import webauthn  # noqa: PLC0415 (see above)
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 (see above)

    try:
        found = webauthn.verify_registration_response(
            credential=answer, expected_challenge=site.challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except _unreadable():
        raise WrongPasskeyError from None
    return Passkey(
        bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key), found.sign_count
    )


def id_in(answer: str) -> str:
    """Which passkey has signed, by its own word.

    Raises:
        WrongPasskeyError: it does not say.
    """
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url  # noqa: PLC0415 (see above)

    try:
        return bytes_to_base64url(base64url_to_bytes(str(json.loads(answer)["rawId"])))
    except _unreadable():
        raise WrongPasskeyError from None


def proved(site: Site | None, answer: str, kept: Passkey) -> int:
    """How often the ``kept`` passkey has signed by now, once it has signed this challenge.

    Raises:
        WrongPasskeyError: it has not, or it is a copy of one that has signed more often.
    """
    if site is None:
        raise WrongPasskeyError
    import webauthn  # noqa: PLC0415 (see above)
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 (see above)

    try:
        return webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=site.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(kept.public_key),
            credential_current_sign_count=kept.counter,
        ).new_sign_count
    except _unreadable():
        raise WrongPasskeyError from None


def _unreadable() -> tuple[type[Exception], ...]:
    """What reading a browser's answer raises, whatever is wrong with it."""
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 (see above)

    return (WebAuthnException, ValueError, KeyError, TypeError)


def _described(known: Iterable[str]) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 (see above)
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415 (see above)

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]
