"""What letters are made of: who answers for them after a handover, and what staff added, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import cast

import pytest

from activities.wording import Wording
from exchange.handing import RolesHandedOver
from exchange.record import Preparation
from letters.facts import Sender
from store.store import Store, open_store
from tests.store.builders import NOON, after, anna, invitation, plan, record

LANGUAGES = ("en", "fi", "ru", "sv", "da", "nb", "et", "lv", "lt")
SENDER = Sender(name="The library", address="exchange@library.example")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    yield made
    made.close()


def begun(store: Store) -> tuple[str, str, str]:
    """A cycle with one reader of each language; its coordinator, and somebody who might take over."""
    first, second = (store.add_staff(n, f"{n.split()[0].lower()}@library.example") for n in ("Eva One", "Maja Two"))
    made = plan(languages=LANGUAGES, starter=first, roles={"coordinator": (first,)})
    people = [anna(ref=f"p_{code}", address=f"{code}@home.example", language=code) for code in LANGUAGES]
    store.start_cycle(made, people, [], NOON)
    return made.id, first, second


def letters(store: Store, cycle: str, revision: int, **facts: str) -> dict[str, EmailMessage]:
    """Invitations made ready, by language."""
    batch = f"invitations/{revision}"
    wording = Wording(store, SENDER)
    to = [f"p_{code}" for code in LANGUAGES]
    wanted = Preparation(
        cycle=cycle, step="invitations", revision=revision, mails=(invitation(*to, batch=batch, facts=facts),)
    )
    store.hold(wanted, lambda row: wording.render(row, NOON), NOON)
    read = BytesParser(policy=policy.default).parsebytes
    return {row.language: cast(EmailMessage, read(row.data or b"")) for row in store.held(cycle, batch)}


def plain(letter: EmailMessage, form: str = "plain") -> str:
    body = letter.get_body((form,))
    assert body is not None
    return str(body.get_content())


def test_after_a_handover_letters_are_answered_to_whoever_has_taken_over(store: Store) -> None:
    cycle, first, second = begun(store)
    assert {letter["Reply-To"].addresses[0].addr_spec for letter in letters(store, cycle, 1).values()} == {
        "eva@library.example"
    }
    passing = RolesHandedOver(at=NOON, actor=first, source=first, to=second, roles=("coordinator",), reason="n_1")
    store.keep(record(cycle, [passing]), after(days=1))
    for letter in letters(store, cycle, 2).values():
        assert letter["Reply-To"].addresses[0].addr_spec == "maja@library.example"
        assert "Maja Two" in plain(letter)
        assert "Eva One" not in plain(letter)


def test_what_staff_added_stands_in_the_letters_of_every_language(store: Store) -> None:
    cycle, _, _ = begun(store)
    words = {code: f"Umbrella ({code})." for code in LANGUAGES}
    one, two = store.add_text(cycle, words, "paragraph"), store.add_text(cycle, {"en": "And boots."}, "paragraph")
    made = letters(store, cycle, 1, added=f"{one} {two}")
    assert set(made) == set(LANGUAGES)
    for code, letter in made.items():
        assert words[code] in plain(letter)
        assert "And boots." in plain(letter)
        assert words[code] in plain(letter, "html")
        assert sum(plain(letter).count(text) for text in words.values()) == 1
