"""Taking answers: kept before anything else, once each, and told to the reader in a sentence of hers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exchange import cycle as rules
from exchange.base import Refusal
from exchange.cancelling import Cancel
from exchange.feedback import GiveFeedback
from exchange.invitation import DeclineInvitation
from exchange.registration import Register, Withdraw
from exchange.substituting import Substitute
from letters.refusals import GENERAL, OTHERS, SAID
from portal import answers
from portal.answers import Answered, take
from portal.doors import Guest
from portal.house import House
from portal.shown.answers import TAKEN, refusal
from portal.speech import NAMES, words_in
from store.links import Link
from store.models import Newcomer, Person
from store.schema import cycles, envelopes, inbox, people, texts
from store.store import Store, open_store
from tests.portal.deciding import Engine
from tests.portal.world import a_cycle, a_house
from workers import telling

OPEN = datetime(2024, 1, 20, 12, tzinfo=UTC)
"""Registration is open."""


class NoEngine:
    """Nobody is told; notes who would have been."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, cycle: str) -> None:
        self.told.append(cycle)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("store.inbox.clock", lambda: OPEN)
    monkeypatch.setattr("store.taking.clock", lambda: OPEN)
    store = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    yield store
    store.close()


@pytest.fixture
def cycle(store: Store) -> str:
    return a_cycle(store)


@pytest.fixture
def engine(store: Store, cycle: str) -> Engine:
    engine = Engine(store, cycle)
    engine.decide(OPEN)
    return engine


@pytest.fixture
def house(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(answers, "PATIENCE", 0.05)
    house = a_house(store, tmp_path, now=lambda: OPEN)
    house.__dict__["waker"] = NoEngine()
    return house


def guest(house: House, cycle: str, name: str = "Rūta Ąžuolaitė", language: str = "en", **changes: Any) -> Guest:
    person = next(one for one in house.store.people(cycle) if one.name == name)
    about = {"purpose": "invitation", "cycle": cycle, "ref": person.ref, "issued_at": OPEN}
    link = Link.model_validate({**about, "expires_at": OPEN + timedelta(days=90), **changes})
    return Guest(house, "t" * 24, link, person, house.store.get_plan(cycle), words_in(language), house.states.of(cycle))


def no(who: Guest) -> DeclineInvitation:
    return DeclineInvitation(at=OPEN, actor=who.link.ref, person=who.link.ref)


def yes(who: Guest) -> Register:
    return Register(at=OPEN, actor=who.link.ref, person=who.link.ref)


def rows(store: Store, table: Any) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(table)))


async def test_an_answer_is_kept_while_nobody_decides_and_a_letter_is_promised(house: House, cycle: str):
    her = guest(house, cycle, language="fi")

    answered = await take(her, yes(her))

    assert (answered.became, answered.name) == ("taken", "")
    assert answered.sentence == words_in("fi").gettext(TAKEN)
    (row,) = rows(house.store, inbox)
    assert (row.actor, row.state, row.command["kind"]) == (her.link.ref, "received", "Register")
    assert not {"at", "actor"} & row.command.keys()
    assert house.waker.told == [cycle]


async def test_the_decision_is_told_when_it_comes_in_time(house: House, cycle: str, engine: Engine, monkeypatch: Any):
    monkeypatch.setattr(answers, "PATIENCE", 30.0)
    her = guest(house, cycle)
    # the engine decides as soon as it is told, which is after the answer was kept
    house.waker.tell = lambda _: engine.decide(OPEN) and None

    assert await take(her, yes(her)) == Answered("accepted")
    refused = await take(her, no(her))

    assert (refused.became, refused.name) == ("refused", "AlreadyTakesPart")
    assert refused.sentence == SAID["AlreadyTakesPart"]


async def test_a_double_click_is_one_answer_with_one_reason(house: House, cycle: str):
    her = guest(house, cycle)

    both = await asyncio.gather(*(take(her, no(her), words={"reason": "She is on leave"}) for _ in range(2)))

    assert [one.became for one in both] == ["taken", "taken"]
    (row,) = rows(house.store, inbox)
    (reason,) = [text for text in rows(house.store, texts) if text.kind == "reason" and text.words.get("und")]
    assert row.command["reason"] == reason.ref
    assert reason.words == {"und": "She is on leave"}


async def test_two_windows_with_different_answers_are_two_answers_and_the_rules_say_which_counts(
    house: House, cycle: str, engine: Engine
):
    her = guest(house, cycle)
    await take(her, no(her), words={"reason": "no"})
    await take(her, yes(her))

    state = engine.decide(OPEN)

    assert [row.state for row in rows(house.store, inbox)] == ["accepted", "accepted"]
    assert state.is_in(her.link.ref)


async def test_the_same_answer_given_again_later_is_another(house: House, cycle: str, engine: Engine):
    her = guest(house, cycle)
    await take(her, yes(her), seen="")
    engine.decide(OPEN)
    await take(her, Withdraw(at=OPEN, actor=her.link.ref, person=her.link.ref), seen="applied 1")
    assert not engine.decide(OPEN).is_in(her.link.ref)

    await take(her, yes(her), seen="withdrawn 1")

    assert engine.decide(OPEN).is_in(her.link.ref)


async def test_links_of_others_make_other_answers(house: House, cycle: str):
    one, other = guest(house, cycle), guest(house, cycle, revision=2)
    await take(one, yes(one))
    await take(other, yes(other))

    assert len({row.command_id for row in rows(house.store, inbox)}) == 2


async def test_a_colleague_who_is_named_is_known_from_then_on_once(house: House, cycle: str):
    her = guest(house, cycle)
    new = Person(name="Nauja Kolegė", address="nauja@azuolyne-library.example", home="azuolyne")
    wish = Substitute(at=OPEN, actor=her.link.ref, person=her.link.ref, by="", home="azuolyne")

    for _ in range(2):
        await take(her, wish, newcomer=Newcomer(field="by", person=new))

    (row,) = rows(house.store, inbox)
    (kept,) = [person for person in rows(house.store, people) if person.name == new.name]
    assert row.command["by"] == kept.ref


async def test_feedback_goes_into_an_envelope_and_is_no_part_of_the_id(house: House, cycle: str):
    her = guest(house, cycle, purpose="feedback")
    wish = GiveFeedback(at=OPEN, actor=her.link.ref, person=her.link.ref)

    await take(her, wish, answers={"knowledge": 5})
    again = await take(her, wish, answers={"knowledge": 1})

    assert again.became == "taken"
    (row,), (sealed,) = rows(house.store, inbox), rows(house.store, envelopes)
    assert "answers" not in row.command
    assert sealed.answers == {"knowledge": 5}


async def test_nothing_is_taken_in_a_cycle_that_is_over(house: House, store: Store, cycle: str):
    plan = store.get_plan(cycle)
    with store.writing() as connection:
        connection.execute(cycles.update().values(phase="cancelled", ended_at=OPEN))
    her = guest(house, plan.id)

    answered = await take(her, yes(her), words={"reason": "because"})

    assert (answered.became, answered.sentence) == ("refused", SAID["CycleOver"])
    assert not rows(store, inbox)
    assert not [text for text in rows(store, texts) if text.kind == "reason" and "und" in text.words]


async def test_many_who_wait_are_served_by_one_look(house: House, cycle: str, monkeypatch: pytest.MonkeyPatch):
    looks, read = [], house.store.cycle

    def counted(name: str) -> Any:
        looks.append(name)
        return read(name)

    monkeypatch.setattr(house.store, "cycle", counted)
    await asyncio.gather(*(house.waiting.decided(cycle, 1, 0.3) for _ in range(100)))

    assert 1 <= len(looks) <= 10


async def test_who_waits_is_let_go_at_once_where_nothing_is_decided(house: House, cycle: str, store: Store):
    with store.writing() as connection:
        connection.execute(cycles.update().values(phase="suspended"))
    her = guest(house, cycle)

    assert not await asyncio.wait_for(house.waiting.decided(cycle, 1, 60), 20)
    assert (await take(her, yes(her))).became == "taken"


async def test_an_engine_that_is_away_troubles_nobody(store: Store, cycle: str, tmp_path: Path, monkeypatch: Any):
    tried = []

    async def away(_: object) -> None:
        tried.append(1)
        raise RuntimeError("nobody answers")

    monkeypatch.setattr(telling, "connected", away)
    monkeypatch.setattr(answers, "PATIENCE", 0.05)
    house = a_house(store, tmp_path, now=lambda: OPEN)
    her = guest(house, cycle)

    assert (await take(her, yes(her))).became == "taken"
    assert house.waker._round is not None
    await house.waker._round
    await take(her, no(her))

    assert len(tried) == 1, "it is not asked again at once"


# -- the sentences ----------------------------------------------------------------------------------------------------


def test_each_sentence_is_about_a_refusal_that_there_is():
    assert Cancel in rules.COMMANDS  # every part's refusals are known by now
    known = {kind.__name__ for kind in _refusals(Refusal)} | {"Defect"}

    # “Name/how”: a refusal that is told in several ways
    assert {name.partition("/")[0] for name in (*SAID, *OTHERS)} <= known


def _refusals(kind: type[Refusal]) -> list[type[Refusal]]:
    return [found for child in kind.__subclasses__() for found in (child, *_refusals(child))]


@pytest.mark.parametrize("language", NAMES)
def test_no_refusal_speaks_of_references_or_commands(house: House, cycle: str, language: str):
    when = {"local": "2024-05-13T09:00", "zone": "Europe/Copenhagen", "at": "2024-05-13T07:00:00Z"}
    facts = {"person": "p_else", "since": "2024-02-05T22:00:00+00:00", "stands": when, "home": "h", "slots": ["s"]}
    her = guest(house, cycle, language=language)

    for name in (*SAID, "SomethingNew"):
        for about in ({**facts, "opens": facts["since"]}, {**facts, "person": her.link.ref, "until": facts["since"]}):
            said = refusal(her, name, about)
            assert said
            # in Finnish the word is a cycle; elsewhere it could only be a command
            command = "" if language == "fi" else "|kierros [a-z]+ "
            assert not re.search(rf"p_|`|%\({command}", said), (name, said)


def test_a_refusal_without_its_facts_is_told_in_general(house: House, cycle: str):
    assert refusal(guest(house, cycle), "RegistrationClosed", {}) == GENERAL
    assert refusal(guest(house, cycle), "NoOffer", {"state": "expired"}).startswith("The time to answer this offer")
