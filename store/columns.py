"""Two kinds of column that mean the same in SQLite and PostgreSQL: instants, and plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import JSON, BigInteger, Dialect, Integer, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine


class NaiveTime(ValueError):
    """A time without a zone was to be stored. Nothing naive crosses this boundary (TRUST invariant 21)."""


class Utc(TypeDecorator[datetime]):
    """An instant: ``timestamptz`` in PostgreSQL, fixed-width ISO text in SQLite, aware and in UTC in Python."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTime(f"{value.isoformat()} has no time zone; the record keeps instants only.")
        return value.astimezone(UTC) if dialect.name == "postgresql" else iso(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy gives it
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        assert isinstance(instant, datetime)
        return instant.astimezone(UTC)


def iso(value: datetime) -> str:
    """The instant as text that sorts by time, e.g. ``2012-02-14T08:00:00.000000Z``."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Data = JSON(none_as_null=True)
"""Plain data, kept as the text that was written (``json``, not ``jsonb``): the journal comes back byte for byte."""

Counter = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up by itself."""


def dumps(value: Any) -> str:
    """JSON as it is stored: compact, in UTF-8, the keys in their order."""
    return to_json(value).decode()


def loads(text: str | bytes) -> Any:
    """The value again."""
    return from_json(text)
