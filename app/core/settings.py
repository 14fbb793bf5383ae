"""What an installation may set, read once from the environment (prefix ``SANLIANG_``)."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[2]
_DATABASE_URL: Final = re.compile(r"(?:sqlite|postgresql)(?:\+\w+)?://.*")


class Settings(BaseSettings):
    """One installation. Every value has a default that is safe on a laptop."""

    model_config = SettingsConfigDict(env_prefix="SANLIANG_", env_file=None, frozen=True)

    database_url: str = ""
    """Empty means the embedded SQLite file under ``data_dir``."""
    data_dir: Path = PROJECT_DIR / "var"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=8, ge=1, le=64)
    """Threads per process for those who read; few threads and more workers serve better."""
    time_zone: str = "Asia/Shanghai"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"
    public_url: str = ""
    """Address printed into QR codes; empty means the address of the request."""
    https: bool = False
    """True behind TLS: cookies become ``Secure`` and browsers are told to stay on HTTPS."""
    trust_proxy: bool = False
    """True behind a proxy of one's own: the client's address comes from ``X-Forwarded-For``."""
    contacts_key: Annotated[Path | None, BeforeValidator(lambda typed: typed or None)] = None
    """The file with the keys that seal contacts of wishers; ``contacts.key`` under ``data_dir`` unless said otherwise.
    It stays apart from the database, also in backups."""
    filing_number: str = ""
    """The filing number (备案号) shown in the foot of each page."""

    @field_validator("database_url")
    @classmethod
    def _of_a_known_engine(cls, url: str) -> str:
        if url and not _DATABASE_URL.fullmatch(url):
            raise ValueError("should be empty, or like postgresql://user:password@host/name")
        return url

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            raise ValueError("should be the name of a time zone like Asia/Shanghai") from None

    @property
    def resolved_database_url(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'sanliang.db'}"

    @property
    def contacts_key_file(self) -> Path:
        """Where the keys that seal contacts are, with the default filled in."""
        return self.contacts_key or self.data_dir / "contacts.key"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
