"""What an installation may set, read once from the environment (prefix ``SANLIANG_``) and from the file it names."""

import os
import re
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core import env_file, syslog
from app.core.addresses import host_of

PROJECT_DIR = Path(__file__).resolve().parents[2]
_DATABASE_URL: Final = re.compile(r"(?:sqlite|postgresql)(?:\+\w+)?://.*")
_MAILBOX: Final = re.compile(r"[^\s@]+@[^\s@]+")
_MAIL_SERVER: Final = re.compile(r"smtps?://(?:[^\s@/]+@)?[^\s@/:]+(?::\d+)?/?")
_WAY_OUT: Final = re.compile(r"(?:push|mail|wecom|wecom_robot|dingtalk|feishu)(?:=https?://[\w.-]+(?::\d{1,5})?)?")
_OWN: Final = r"https://[\w.-]+|http://(?:localhost|127\.0\.0\.1)"
_WAY_IN: Final = re.compile(rf"oidc|gateway|(?:wecom|dingtalk)(?:=(?:{_OWN})(?::\d{{1,5}})?)?")
_OIDC_SCOPE: Final = re.compile(r"openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_WECOM_APP: Final = re.compile(r"[\w-]+:[\w-]+@\d+")
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _listed(typed: object) -> object:
    return tuple(filter(None, re.split(r"[\s,]+", typed.lower()))) if isinstance(typed, str) else typed


def _networks(typed: tuple[str, ...]) -> tuple[str, ...]:
    for name in typed:
        try:
            ip_network(name)
        except ValueError:
            raise ValueError("should be addresses or networks like 127.0.0.1, 10.0.0.0/8") from None
    return typed


def _mailboxes(typed: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_MAILBOX.fullmatch(name) for name in typed):
        raise ValueError("should be addresses like proof@example.org, with commas between them")
    return typed


SWITCHES: Final = ("wishes", "volunteering", "quiz", "public_cards")
"""Streams that an installation may leave out, by their names."""


def _switches(names: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [name for name in names if name not in SWITCHES]:
        raise ValueError(f"there is no {', '.join(unknown)} to switch off; it may be: {', '.join(SWITCHES)}")
    return names


def _ways_out(typed: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_WAY_OUT.fullmatch(name) for name in typed):
        raise ValueError(
            "should be some of push, mail, wecom, wecom_robot, dingtalk, feishu, like push, wecom=https://…"
        )
    return typed


def _ways_in(typed: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_WAY_IN.fullmatch(name) for name in typed):
        raise ValueError("should be some of oidc, wecom, dingtalk, gateway, like oidc, wecom=https://…")
    return typed


_Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Several in one variable, with commas or spaces between them."""


class Settings(BaseSettings):
    """One installation. Every value has a default that is safe on a laptop."""

    model_config = SettingsConfigDict(env_prefix="SANLIANG_", env_file=None, frozen=True)

    database_url: str = ""
    """Empty means the embedded SQLite file under ``data_dir``."""
    database_password_file: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """A file with PostgreSQL's password alone, for who hands out secrets that way; then the address names none."""
    data_dir: Path = Field(default_factory=lambda: PROJECT_DIR / "var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=8, ge=1, le=64)
    """Threads per process for those who read; few threads and more workers serve better."""
    sweep: bool = True
    """Whether a server sees to it that once an hour what time brings about is done; else a timer runs the command."""
    time_zone: str = "Asia/Shanghai"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"
    syslog: str = ""
    """Where the log is sent once more: ``udp://host:514``, ``tcp://host:601`` or ``unix:///dev/log``."""
    slow_statement_ms: int = Field(default=1000, ge=0)
    """A statement of a page that takes longer is logged, without its values; 0: none is."""
    metrics_port: Annotated[int, BeforeValidator(lambda typed: typed or 0)] = Field(default=0, ge=0, le=65535)
    """The port on which the numbers for Prometheus are told; empty: nowhere."""
    metrics_host: str = "127.0.0.1"
    """Where they are told; in a container its own network, never one that people are in."""
    public_url: str = ""
    """Address printed into QR codes, and the one name people come by; empty means the address of the request."""
    https: bool = False
    """True behind TLS: cookies become ``Secure`` and browsers are told to stay on HTTPS."""
    hosts: _Names = ()
    """Names by which people come besides that of ``public_url`` (see ``known_hosts``)."""
    trusted_proxies: Annotated[_Names, AfterValidator(_networks)] = ()
    """Addresses or networks of one's own proxies. Whoever they say they speak for in ``X-Forwarded-For`` is believed:
    the last one there that is no trusted proxy itself."""
    trust_proxy: bool = False
    """The switch that ``trusted_proxies`` has taken the place of: it believed a visitor. Read only to say so."""
    contacts_key: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """The file with the keys that seal contacts of wishers; ``contacts.key`` under ``data_dir`` unless said otherwise.
    It stays apart from the database, also in backups."""
    webhook_networks: Annotated[_Names, AfterValidator(_networks)] = ()
    """Networks that webhooks may reach although they are this machine, its link, or nobody's."""
    security_contact: str = ""
    """Where somebody who has found a weakness writes: ``mailto:`` or ``https://``; served as ``security.txt``."""
    heads_directory: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """Where the heads of all chains are written once a day: a directory that is carried elsewhere."""
    heads_mail: Annotated[_Names, AfterValidator(_mailboxes)] = ()
    """To whom they are mailed once a day."""
    mail_server: str = ""
    """``smtps://user:password@host:465``, or ``smtp://host:25``; encrypted where the server can (STARTTLS)."""
    mail_from: str = ""
    """Who such a mail says it is from; empty means its first receiver."""
    off: Annotated[_Names, AfterValidator(_switches)] = ()
    """Streams that this installation does not use (``SWITCHES``). Their pages, tabs and reminders are not there, their
    lines have no maximum; what was recorded stays, is decided, exported and erased as before."""
    notices: Annotated[_Names, AfterValidator(_ways_out)] = ()
    """By which ways people may let themselves be reminded outside; ``wecom=https://…`` where a service is one's own."""
    wecom_app: str = Field(default="", repr=False)
    """``CORPID:SECRET@AGENTID`` of the organ's own application in WeCom, which writes to its people."""
    push_key: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """The file with the key that signs what browsers are sent; ``push.key`` under ``data_dir`` by default."""
    sign_in: Annotated[_Names, AfterValidator(_ways_in)] = ()
    """By which ways people may sign in besides passwords and slips, in the order of their buttons."""
    dingtalk_app: Annotated[str, Field(pattern=r"^(?:\w+:[\w-]+)?$", repr=False)] = ""
    """``CLIENTID:SECRET`` of the organ's own application in DingTalk, by which its people sign in."""
    sign_in_by_number: Annotated[_Names, AfterValidator(_ways_in)] = ()
    """Those whose claim of a member number is believed once, for an account that nobody has opened yet."""
    oidc_issuer: str = ""
    """The OpenID provider, as it calls itself: ``https://…``."""
    oidc_client: str = ""
    """What this installation is called there."""
    oidc_secret: str = Field(default="", repr=False)
    """Its secret; empty for a client that has none."""
    oidc_secret_file: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """A file with that secret alone."""
    oidc_name: str = ""
    """What people call that sign-in; it stands on the button."""
    oidc_number_claim: str = "employee_number"
    """The claim with the member number."""
    oidc_scope: str = "openid profile"
    gateway_header: str = ""
    """The header in which a gateway before this server says who has signed in there."""
    gateway_number_header: str = ""
    """The header with the member number; empty means the same one."""
    gateway_secret: Annotated[str, Field(pattern=r"^(?:[!-~]{32,})?$", repr=False)] = ""
    """What the gateway alone knows, and says in the header ``Sanliang-Gateway``."""
    filing_number: str = ""
    """The filing number (备案号) shown in the foot of each page."""
    police_filing_number: str = ""
    """The number of the police's filing (公安联网备案号), beside it, with the link to its entry."""

    @field_validator("database_url")
    @classmethod
    def _of_a_known_engine(cls, url: str) -> str:
        if url and not _DATABASE_URL.fullmatch(url):
            raise ValueError("should be empty, or like postgresql://user:password@host/name")
        return url

    @field_validator("syslog")
    @classmethod
    def _is_a_syslog_server(cls, address: str) -> str:
        if address and not re.fullmatch(syslog.ADDRESS, address):
            raise ValueError("should be empty, or like udp://host:514, tcp://host:601 or unix:///dev/log")
        return address

    @field_validator("security_contact")
    @classmethod
    def _can_be_reached(cls, contact: str) -> str:
        if contact and not re.fullmatch(r"(?:mailto:[^\s@]+@[^\s@]+|https://\S+)", contact):
            raise ValueError("should be empty, or like mailto:security@example.org or https://example.org/report")
        return contact

    @field_validator("mail_server")
    @classmethod
    def _speaks_smtp(cls, url: str) -> str:
        if url and not _MAIL_SERVER.fullmatch(url):
            raise ValueError("should be empty, or like smtps://user:password@host:465 or smtp://host:25")
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_a_mailbox(cls, address: str) -> str:
        if address and not _MAILBOX.fullmatch(address):
            raise ValueError("should be empty, or an address like sanliang@example.org")
        return address

    @field_validator("wecom_app")
    @classmethod
    def _is_an_application(cls, typed: str) -> str:
        if typed and not _WECOM_APP.fullmatch(typed):
            raise ValueError("should be empty, or like CORPID:SECRET@1000002")
        return typed

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, address: str) -> str:
        is_here = address.startswith("http://") and host_of(address) in THIS_MACHINE
        if address and not (host_of(address) and (address.startswith("https://") or is_here) and "?" not in address):
            raise ValueError("should be empty, or the provider's own name, like https://login.example.org/realms/organ")
        return address

    @field_validator("oidc_scope")
    @classmethod
    def _asks_for_an_identity(cls, scope: str) -> str:
        if not _OIDC_SCOPE.fullmatch(scope):
            raise ValueError("should begin with openid, like openid profile")
        return scope

    @field_validator("gateway_header", "gateway_number_header")
    @classmethod
    def _is_a_header(cls, name: str) -> str:
        if not re.fullmatch(r"(?!sanliang-gateway$)[a-z][a-z0-9_-]*|", name.lower()):
            raise ValueError("should be empty, or the name of a header like X-Remote-User")
        return name

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            raise ValueError("should be the name of a time zone like Asia/Shanghai") from None

    def uses(self, stream: str) -> bool:
        """Whether ``stream`` is one that this installation has not switched off."""
        return stream not in self.off

    def sign_in_at(self, way: str) -> str:
        """Where the service of ``way`` is, where it is the organ's own; empty: where it is for everybody."""
        return next((name.partition("=")[2] for name in self.sign_in if name.partition("=")[0] == way), "")

    def believes(self, way: str) -> bool:
        """Whether what is claimed by this ``way`` to be somebody's member number is believed, once."""
        return way in self.sign_in_by_number

    @property
    def oidc_client_secret(self) -> str:
        """The secret of this installation at the provider, from wherever it is kept.

        Raises:
            OSError: its file cannot be read.
        """
        return self.oidc_secret_file.read_text("utf-8").strip() if self.oidc_secret_file else self.oidc_secret

    @property
    def known_hosts(self) -> frozenset[str] | None:
        """The names this installation answers to; ``None`` where nobody has said any, and so all are answered."""
        named = {*self.hosts, self.public_url and host_of(self.public_url)} - {""}
        return frozenset(named) | THIS_MACHINE if named else None

    @property
    def resolved_database_url(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'sanliang.db'}"

    @property
    def contacts_key_file(self) -> Path:
        """Where the keys that seal contacts are, with the default filled in."""
        return self.contacts_key or self.data_dir / "contacts.key"

    @property
    def push_key_file(self) -> Path:
        """Where the key of push messages is, with the default filled in."""
        return self.push_key or self.data_dir / "push.key"


NAMES: Final = frozenset({env_file.NAME} | {f"SANLIANG_{name}".upper() for name in Settings.model_fields})
"""What may stand in the environment, and in the file."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises:
        EnvFileError: the file with the settings cannot be used.
        ValidationError: one of them is wrong.
        OSError: the file with the password cannot be read.
    """
    env_file.take_in(NAMES)
    found = Settings()
    if found.database_password_file:  # the driver and PostgreSQL's own programs look for it there
        os.environ["PGPASSWORD"] = found.database_password_file.read_text("utf-8").strip()
    return found
