"""Settings: what differs from one installation to the next. Read once, at start; wrong values fail there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.alphabets import stray_in_address


class SettingsFault(Exception):
    """A setting has no meaning here; the sentence names its variable."""


def _data_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "kierros"


class Settings(BaseSettings):
    """Everything that is read from ``KIERROS_*`` variables. How to reach Temporal is read as its own CLI reads it.

    A variable that is empty is as one that is not set. What should not stand in the environment may lie in a file of
    its own, called as the variable in lower case, in the folder that systemd names in ``CREDENTIALS_DIRECTORY``.
    """

    model_config = SettingsConfigDict(env_prefix="KIERROS_", env_ignore_empty=True, extra="ignore", frozen=True)

    data: Path = Field(default_factory=_data_home)
    """The one folder where `kierros up` keeps everything, e.g. ``/srv/kierros``."""
    database: str = ""
    """Database URL, e.g. ``postgresql+psycopg://kierros@db/kierros``. Empty: SQLite in the data folder."""
    staff: str = ""
    """Who acts: a name or address that `kierros staff add` made known, e.g. ``Kristina Virtanen``."""
    transport: Literal["mailbox", "smtp"] = "mailbox"
    """Where letters go: the mailbox folder inside the data folder, or a mail server."""
    smtp_host: str = "127.0.0.1"
    """Mail server, e.g. ``smtp.library.example``."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_timeout: float = Field(default=30.0, gt=0)
    """Seconds to wait for each answer of the mail server."""
    sender: str = "Kierros <kierros@kierros.example>"
    """From line of every letter, an address of the library's own domain."""
    task_queue: str = "kierros"
    """Task queue of cycles; letters have one of their own beside it (``<name>-letters``)."""
    secret: str = Field(default="", repr=False)
    """What links and proofs are made with, at least 32 characters. Empty: made once, in the data folder."""
    portal_host: str = "127.0.0.1"
    """Where the portal listens, e.g. ``0.0.0.0`` in a container."""
    portal_port: int = Field(default=0, ge=0, le=65535)
    """Its port; 0 is a free one, under `kierros up` the same again at the next start."""
    portal_url: str = ""
    """The portal's public address, which stands in letters, e.g. ``https://exchange.library.example``."""
    portal_proxies: str = ""
    """Addresses of proxies whose word about the caller is believed, by comma, e.g. ``127.0.0.1``."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("sender")
    @classmethod
    def _an_address(cls, value: str) -> str:
        """A sender without an address would make every letter impossible to write."""
        address = value.rpartition("<")[2].rstrip("> ")
        name, at, domain = address.partition("@")
        if not (name and at and "." in domain) or any(c.isspace() or not c.isprintable() for c in address):
            raise ValueError('write it as "Name <address@domain>"')
        if stray_in_address(domain):
            raise ValueError("letters of two alphabets stand in one word of it; type it anew, by hand")
        return value

    @field_validator("portal_url")
    @classmethod
    def _a_base(cls, value: str) -> str:
        """An address to which ``/l/…`` can be added."""
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
            raise ValueError('write it as "https://exchange.library.example", without a path')
        return value.rstrip("/")

    @property
    def trusted_proxies(self) -> frozenset[str]:
        return frozenset(filter(None, (one.strip() for one in self.portal_proxies.split(","))))

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'kierros.db'}"

    @property
    def mailbox(self) -> Path:
        return self.data / "mailbox"

    @property
    def reports(self) -> Path:
        return self.data / "reports"

    @property
    def stack_file(self) -> Path:
        """Where a running `kierros up` says which ports it uses."""
        return self.data / "stack.json"

    @property
    def letters_queue(self) -> str:
        return f"{self.task_queue}-letters"

    @property
    def sender_name(self) -> str:
        return self.sender.partition("<")[0].strip() or "Kierros"

    @property
    def sender_address(self) -> str:
        return self.sender.rpartition("<")[2].rstrip("> ")

    @property
    def mail_domain(self) -> str:
        """The domain of Message-IDs and calendar UIDs."""
        return self.sender.rstrip(">").rpartition("@")[2] or "kierros.example"


def _secrets() -> str | None:
    """The folder of files with secrets, where systemd (or whoever stands in for it) gives one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return folder if folder and Path(folder).is_dir() else None


def read_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Raises:
        SettingsFault: a variable holds what it cannot mean; the sentence names each.
    """
    try:
        given = {key: value for key, value in overrides.items() if value is not None}
        return Settings(_secrets_dir=_secrets(), **given)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"KIERROS_{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
        raise SettingsFault("; ".join(faults)) from None
