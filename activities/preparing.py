"""Making a step's letters ready: rendered, held in the outbox, and known by the digest that an approval must name."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities import names
from activities.wording import Wording
from exchange.record import Preparation, Ready
from letters.facts import Sender
from runtime.portal_url import portal_address
from runtime.settings import Settings
from store.models import OutboxRow, Rendered
from store.store import Store


class Scribe:
    """Prepares letters. Idempotent: letters of a batch that are there already are replaced by the same."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._sender = Sender(name=settings.sender_name, address=settings.sender_address)

    @activity.defn(name=names.PREPARE_LETTERS)
    def prepare_letters(self, preparation: Preparation) -> Ready:
        """Renders and holds; gives back what a prompt shows: digest, number, languages."""
        now = datetime.now(UTC)
        wording = Wording(self._store, self._sender, portal_address(self._settings))

        def render(row: OutboxRow) -> Rendered | None:
            activity.heartbeat()
            return wording.render(row, now)

        return self._store.hold(preparation, render, now)
