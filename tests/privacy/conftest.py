"""The record of a small cycle whose people left their traces everywhere, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
