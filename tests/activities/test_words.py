"""Letters in staff's own words from the order to the bytes: held, approved, released; and the copies that staff get."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import cast

import pytest

from activities.wording import Wording
from exchange.correspondence import Mail
from exchange.record import Preparation
from letters.facts import Sender
from store.models import OutboxRow
from store.sealed import NOT_APPROVED
from store.store import Store, open_store
from tests.store.builders import NOON, after, anna, approved, plan, record

SENDER = Sender(name="The library", address="exchange@library.example")
BATCH = "word_1/1"
PEOPLE = {"p_fi": "fi", "p_fi2": "fi", "p_et": "et", "p_en": "en", "p_late": "fi"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    yield made
    made.close()


class Play:
    """A cycle in which a letter has been written in English and Finnish, and lies ready for three people."""

    def __init__(self, store: Store, *to: str) -> None:
        self.store = store
        self.kristina = store.add_staff("Kristina Virtanen", "kristina@library.example", language="lv")
        self.olga = store.add_staff("Olga Sokolova", "olga@library.example")
        made = plan(languages=("en", "fi"), starter=self.kristina, roles={"coordinator": (self.kristina, self.olga)})
        people = [anna(ref=ref, address=f"{ref}@home.example", language=code) for ref, code in PEOPLE.items()]
        store.start_cycle(made, people, [], NOON)
        self.cycle = made.id
        subject = store.add_text(self.cycle, {"en": "Passports", "fi": "Passit"}, "subject")
        text = store.add_text(self.cycle, {"en": "Bring them.", "fi": "Tuokaa ne."}, "letter")
        self.facts = {"subject": subject, "text": text, "by": self.olga}
        wording = Wording(store, SENDER)
        wanted = Preparation(
            cycle=self.cycle, step="word_1", revision=1, mails=(self.mail("hold", *(to or list(PEOPLE)[:4])),)
        )
        self.ready = store.hold(wanted, lambda row: wording.render(row, NOON), NOON)

    def mail(self, op: str, *to: str) -> Mail:
        about = {"kind": "word", "to": to, "step": "word_1", "batch": BATCH, "facts": self.facts}
        return Mail.model_validate({"op": op, **about})

    def approve(self, *to: str, copies: tuple[str, ...] = ()) -> None:
        agreed = approved(self.ready.digest, "word_1")
        copy = [Mail(op="copy", kind="copy", to=copies, step="word_1", batch=BATCH)] if copies else []
        mails = (*copy, self.mail("release", *to), Mail(op="drop", batch=BATCH))
        self.store.keep(record(self.cycle, [agreed], *mails), after(hours=1))

    def states(self) -> dict[str, str]:
        return {row.to_ref: row.state for row in self.store.letters(self.cycle, kind="word")}

    def read(self, row: OutboxRow) -> EmailMessage:
        """The letter as it would be sent, rendered now where it was not before."""
        whole = self.store.letter(row.id)
        assert whole is not None
        rendered = None if whole.data else Wording(self.store, SENDER).render(whole, NOON)
        data = whole.data or (rendered.data if rendered else b"")
        return cast(EmailMessage, BytesParser(policy=policy.default).parsebytes(data))


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_what_is_held_says_who_gets_it_in_which_language(store: Store) -> None:
    play = Play(store)
    assert (play.ready.letters, play.ready.languages) == (4, ("en", "fi"))
    held = {row.to_ref: (row.language, row.subject) for row in store.held(play.cycle, BATCH)}
    assert held["p_et"] == held["p_en"] == ("en", "Passports")
    assert held["p_fi"] == ("fi", "Passit")
    assert "Olga Sokolova" in plain(play.read(store.held(play.cycle, BATCH)[0]))


def test_it_leaves_to_those_in_the_group_by_then_byte_for_byte(store: Store) -> None:
    play = Play(store)
    before = {row.to_ref: row.data for row in store.held(play.cycle, BATCH)}
    play.approve("p_fi", "p_et", "p_late")
    assert play.states() == {
        "p_fi": "queued", "p_fi2": "dropped", "p_et": "queued", "p_en": "dropped", "p_late": "queued"
    }  # fmt: skip
    for row in store.letters(play.cycle, "queued", kind="word"):
        whole = store.letter(row.id)
        assert whole is not None
        assert whole.data == before.get(row.to_ref)
    late = next(row for row in store.letters(play.cycle, kind="word") if row.to_ref == "p_late")
    assert "Tuokaa ne." in plain(play.read(late))


def test_who_joins_gets_nothing_that_whoever_approved_could_not_read(store: Store) -> None:
    play = Play(store, "p_en", "p_et")
    assert play.ready.languages == ("en",)
    play.approve("p_en", "p_late")
    late = next(row for row in store.letters(play.cycle, "queued", kind="word") if row.to_ref == "p_late")
    assert "Bring them." in plain(play.read(late))
    assert "Tuokaa ne." not in plain(play.read(late))


def test_a_language_whose_only_reader_has_left_was_read_all_the_same(store: Store) -> None:
    play = Play(store, "p_en", "p_fi")
    play.approve("p_en", "p_late")
    late = next(row for row in store.letters(play.cycle, "queued", kind="word") if row.to_ref == "p_late")
    assert "Tuokaa ne." in plain(play.read(late))


def test_where_nothing_could_be_read_nothing_leaves(store: Store) -> None:
    play = Play(store, "p_nobody")
    assert play.ready.letters == 0
    play.approve("p_late")
    assert store.letters(play.cycle, "queued", kind="word") == []


def test_what_was_changed_since_it_was_approved_does_not_leave_and_neither_do_copies(store: Store) -> None:
    from sqlalchemy import update

    from store.schema import outbox

    play = Play(store)
    with store.writing() as connection:
        connection.execute(update(outbox).where(outbox.c.to_ref == "p_fi").values(data=b"another letter"))
    play.approve("p_fi", "p_et", "p_late", copies=(play.olga,))
    assert [row.state for row in store.letters(play.cycle, kind="word")][:1] == ["failed"]
    assert play.states()["p_late"] == "failed"
    assert {row.last_error for row in store.letters(play.cycle, "failed")} == {NOT_APPROVED}
    assert store.letters(play.cycle, kind="copy") == []


def test_one_copy_for_each_language_to_each_who_asked(store: Store) -> None:
    play = Play(store)
    play.approve("p_fi", "p_fi2", "p_et", "p_en", copies=(play.olga, play.kristina))
    copies = store.letters(play.cycle, kind="copy")
    assert [(row.to_ref, row.facts["language"], row.state) for row in copies] == [
        (play.olga, "fi", "queued"), (play.kristina, "fi", "queued"),
        (play.olga, "en", "queued"), (play.kristina, "en", "queued"),
    ]  # fmt: skip
    read = play.read(copies[1])
    assert read["Subject"] == "Kopio: Passit"
    assert read["To"].addresses[0].addr_spec == "kristina@library.example"
    assert "Hei Kristina Virtanen" in plain(read)
    assert "Tuokaa ne." in plain(read)
    assert "home.example" not in read.as_string()
    assert len({row.message_id for row in store.letters(play.cycle)}) == len(store.letters(play.cycle))


def test_the_approval_that_is_recorded_twice_makes_no_second_copy(store: Store) -> None:
    play = Play(store)
    for _ in range(2):
        play.approve("p_fi", copies=(play.olga,))
    assert len(store.letters(play.cycle, kind="copy")) == 2


def test_words_that_are_gone_make_no_letter(store: Store) -> None:
    from sqlalchemy import delete

    from store.schema import texts

    play = Play(store)
    play.approve("p_late")
    with store.writing() as connection:
        connection.execute(delete(texts).where(texts.c.ref == play.facts["text"]))
    late = next(row for row in store.letters(play.cycle, kind="word") if row.to_ref == "p_late")
    assert Wording(store, SENDER).render(late, NOON) is None


def test_who_wants_no_more_of_them_is_known_before_and_gets_none(store: Store) -> None:
    from datetime import timedelta

    play = Play(store)
    store.opt_out(play.cycle, "p_fi", "word")
    rows = store.held(play.cycle, BATCH)
    assert store.unwanted(rows) == {row.id for row in rows if row.to_ref == "p_fi"}
    play.approve("p_fi", "p_et", copies=(play.olga,))
    claimed = store.claim(after(hours=2), 10, timedelta(minutes=2))
    assert {row.to_ref for row in claimed} == {"p_et", play.olga}
    assert play.states()["p_fi"] == "dropped"
