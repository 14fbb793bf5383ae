"""A mail with a file, through the mail server that the installation names: nothing here needs one to be there."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from app.core.settings import THIS_MACHINE

SECONDS: Final = 20
"""How long a server that says nothing is waited for."""
_PORTS: Final = {"smtp": 25, "smtps": 465}


def send(server: str, message: EmailMessage) -> None:
    """Give ``message`` to ``server``, an address as ``Settings.mail_server`` has it.

    Raises:
        OSError: it was not taken (``smtplib.SMTPException`` is one), or a password would have gone in the clear.
    """
    address, context = urlsplit(server), ssl.create_default_context()
    host, port = address.hostname or "", address.port or _PORTS[address.scheme]
    is_private = address.scheme == "smtps"
    connect = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        if is_private
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    with connect as connection:
        connection.ehlo()
        if not is_private and connection.has_extn("starttls"):
            connection.starttls(context=context)
            is_private = True
        if address.username:
            if not is_private and host not in THIS_MACHINE:
                raise smtplib.SMTPException(f"{host} offers no encryption for the password")
            connection.login(unquote(address.username), unquote(address.password or ""))
        if refused := connection.send_message(message):
            raise smtplib.SMTPRecipientsRefused(refused)  # one of several: the others have it
