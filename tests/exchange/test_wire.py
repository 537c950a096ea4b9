"""What crosses into histories, the inbox and the journal comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from exchange import wire
from exchange.amended import Change
from exchange.base import NewerRules, Signed
from exchange.cycle import ANSWERS, CLOCK, COMMANDS, ENGINE, EVENTS, REMINDERS, STAFF
from exchange.keyed import Keyed
from exchange.plan import Organisation, When
from exchange.prompt import Choose, Prompt, PromptOpened
from exchange.record import commands, events
from exchange.registration import DelegateRegistered, Register
from exchange.state import Cycle
from exchange.wire import UnknownKind
from tests.builders import START, after, answer, begun, day, desk, journey, on, passed, register, slot, withdraw, year


def filled(model: type[BaseModel]) -> dict[str, Any]:
    """A value for every field of the model, none of them its default."""
    return {name: value_of(field.annotation) for name, field in model.model_fields.items()}


MODELS: dict[Any, tuple[Any, ...]] = {
    Change: (
        Change(step=journey(slot("first", 40, "oslo")).plan.steps[0], fields=("title",)),
        Change(step=desk().plan.steps[0]),
    ),
    Organisation: (Organisation(id="tromso", name={"en": "Tromsø"}),),
}


def value_of(kind: Any) -> Any:
    if kind in {When, Prompt}:
        return on(3.25) if kind is When else Prompt(**filled(Prompt))
    if get_origin(kind) is tuple:
        return MODELS.get(get_args(kind)[0], ("one", "two"))
    if get_origin(kind) is dict:
        return {"one": value_of(get_args(kind)[1])}
    options = get_args(kind)
    if options and type(None) in options:
        return value_of(options[0])
    if options and all(isinstance(option, str) for option in options):
        return options[-1]
    known = {
        "str": "text",
        "int": 7,
        "bool": True,
        "AwareDatetime": day(1.5),
        "timedelta": day(3) - START,
        "float": 0.5,
        "date": START.date(),
    }
    return known[getattr(kind, "__name__", "")]


FLIPPED = {"present": False}
"""Fields whose default is what :func:`filled` would put there."""


def sample(model: type[BaseModel]) -> Any:
    return model(**{**filled(model), **{k: v for k, v in FLIPPED.items() if k in model.model_fields}})


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_every_command_comes_back_as_it_was(kind: type[Signed]) -> None:
    command = sample(kind)
    packed = commands.pack(command)
    assert set(packed) == {"kind", *kind.model_fields}
    assert commands.unpack(from_json(to_json(packed))) == command


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_comes_back_as_it_was(kind: type[Signed]) -> None:
    event = sample(kind)
    packed = events.pack(event)
    assert set(packed) == {"kind", *kind.model_fields}
    assert events.unpack(from_json(to_json(packed))) == event


def test_every_command_belongs_to_those_who_may_say_it() -> None:
    families = [*ANSWERS, *STAFF, *REMINDERS, *CLOCK, *ENGINE, Choose]
    assert len(families) == len(set(families)) == len(COMMANDS)


def test_names_of_commands_and_events_are_told_apart() -> None:
    names = [kind.__name__ for kind in (*COMMANDS, *EVENTS)]
    assert len(names) == len(set(names))


def test_fields_at_their_defaults_weigh_nothing() -> None:
    assert set(events.pack(DelegateRegistered(at=START, actor="a", step="r", person="a"))) == {
        "kind", "at", "actor", "step", "person",
    }  # fmt: skip


def test_what_a_newer_release_adds_is_passed_over() -> None:
    packed = {**commands.pack(register("a")), "wheelchair": True}
    assert commands.unpack(packed) == register("a")


def test_a_kind_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownKind, match="'Levitate'"):
        commands.unpack({"kind": "Levitate"})
    with pytest.raises(UnknownKind, match="None"):
        events.unpack({})


def test_a_row_that_does_not_fit_its_kind_is_no_command() -> None:
    with pytest.raises(ValidationError):
        commands.unpack({"kind": "Register", "at": "yesterday"})


def test_a_moment_without_a_zone_crosses_no_boundary() -> None:
    with pytest.raises(ValidationError):
        commands.unpack({**commands.pack(register("a")), "at": "2012-01-09T09:00:00"})


OLD = {"kind": "SignUp", "at": "2012-01-09T09:00:00Z", "actor": "a", "who": "a", "place": "9"}
"""How a registration was written once, in the world of these tests."""
NEW = Register(at=datetime(2012, 1, 9, 9, tzinfo=UTC), actor="a", person="a", home="h9")


def renamed(version: int) -> wire.Reshaping:
    """The first change: another name, and the person is called so."""

    def lift(data: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in data.items() if key != "who"}
        return {**rest, "kind": "Register", "person": data["who"]}

    def lower(data: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in data.items() if key != "person"}
        return {**rest, "kind": "SignUp", "who": data["person"]}

    return wire.Reshaping(version, "Register", lift, lower, was="SignUp")


def rehoused(version: int) -> wire.Reshaping:
    """The second: a home has an id instead of a number."""

    def lift(data: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in data.items() if key != "place"}
        return {**rest, "home": f"h{data['place']}"}

    def lower(data: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in data.items() if key != "home"}
        return {**rest, "place": data["home"].removeprefix("h")}

    return wire.Reshaping(version, "Register", lift, lower)


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release whose rules have version 3."""
    monkeypatch.setattr(wire, "RULES", 3)
    monkeypatch.setattr(wire, "RESHAPED", (renamed(2), rehoused(3)))


@pytest.mark.usefixtures("third")
def test_what_was_written_in_an_old_shape_is_lifted_one_change_after_another() -> None:
    assert commands.unpack(OLD) == NEW
    second = {"kind": "Register", "v": 2, "at": OLD["at"], "actor": "a", "person": "a", "place": "9"}
    assert commands.unpack(second) == NEW
    assert commands.unpack(commands.pack(NEW, 3)) == NEW


@pytest.mark.usefixtures("third")
def test_into_an_older_cycle_is_written_what_its_release_would_have_written() -> None:
    assert commands.pack(NEW, 1) == OLD
    assert commands.pack(NEW, 2)["v"] == 2
    assert commands.pack(NEW, 3)["v"] == 3
    assert wire.lowered(commands.pack(NEW, 3), 1) == OLD


def test_what_an_older_cycle_has_no_words_for_says_which_version_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "RULES", 2)
    monkeypatch.setattr(wire, "SINCE", {"Withdraw": 2, "Register.home": 2})
    assert commands.pack(withdraw("a"), 1)["v"] == 2
    assert commands.pack(NEW, 1)["v"] == 2
    assert "v" not in commands.pack(register("a"), 1), "it does not use the new field"


def test_a_new_value_counts_also_deep_within(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    opened = PromptOpened(at=START, actor="a", prompt=cycle.prompts.values()[0])
    about = opened.prompt.about
    for since in (f"PromptOpened.prompt.about={about}", f"PromptOpened.prompt.options={opened.prompt.options[0]}"):
        monkeypatch.setattr(wire, "SINCE", {since: 2})
        assert events.pack(opened, 1)["v"] == 2
    monkeypatch.setattr(wire, "SINCE", {"PromptOpened.prompt.about=tender": 2})
    assert "v" not in events.pack(opened, 1)


@pytest.mark.usefixtures("third")
def test_what_uses_a_new_field_is_written_in_the_shape_of_the_release_that_brought_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "SINCE", {"Register.step": 2})
    special = NEW.model_copy(update={"step": "registration"})
    packed = commands.pack(special, 1)
    assert (packed["kind"], packed["v"], packed["place"]) == ("Register", 2, "9")
    assert commands.unpack(packed) == special


def test_what_a_newer_release_wrote_is_left_alone_and_named() -> None:
    with pytest.raises(NewerRules, match=r"Register needs the rules of version 2.*up to 1.*waits for the newer"):
        commands.unpack({**commands.pack(register("a")), "v": 2})
    with pytest.raises(NewerRules, match="Levitate"):
        commands.unpack({"kind": "Levitate", "v": 2})


def states() -> list[Cycle]:
    waiting = after(desk("a", "b", "c", "d", capacity=1), withdraw("a"))
    hosts = after(
        journey(slot("first", 40, "helsinki", "oslo")), answer("helsinki", "propose", begins=on(50), ends=on(52))
    )
    return [begun(*year().steps), waiting, passed(waiting, 31), hosts, passed(hosts, 70)]


@pytest.mark.parametrize("cycle", states(), ids=["new", "waiting", "held", "proposed", "over"])
def test_a_state_carried_over_is_the_same_state(cycle: Cycle) -> None:
    assert Cycle.model_validate_json(cycle.model_dump_json()) == cycle


def test_a_carried_state_goes_on_as_the_old_one_would() -> None:
    cycle = after(desk("a", "b", "c", capacity=1), withdraw("a"))
    carried = Cycle.model_validate_json(cycle.model_dump_json())
    assert passed(carried, 100) == passed(cycle, 100)


def test_a_prompt_in_an_event_leaves_its_defaults_out() -> None:
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    opened = PromptOpened(at=START, actor="a", prompt=cycle.prompts.values()[0])
    assert "digest" not in events.pack(opened)["prompt"]
    assert events.unpack(events.pack(opened)) == opened


# -- Keyed, against dict -----------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
STEPS = st.lists(st.tuples(st.sampled_from(["put", "drop"]), KEYS, st.integers(0, 9)), max_size=40)


@each(STEPS)
def test_keyed_does_what_a_dict_does(steps: list[tuple[str, str, int]]) -> None:
    keyed, model = Keyed[int](), dict[str, int]()
    for step, key, value in steps:
        if step == "put":
            keyed, model[key] = keyed.put(key, value), value
        else:
            keyed = keyed.drop(key)
            model.pop(key, None)
        assert keyed.items() == list(model.items())
    assert (keyed.keys(), keyed.values(), list(keyed), len(keyed)) == (
        list(model), list(model.values()), list(model), len(model)
    )  # fmt: skip
    assert [keyed.get(key) for key in "abcde"] == [model.get(key) for key in "abcde"]
    assert [key in keyed for key in "abcde"] == [key in model for key in "abcde"]
    assert keyed == Keyed(model.items())


@each(STEPS)
def test_an_older_keyed_never_changes(steps: list[tuple[str, str, int]]) -> None:
    keyed, seen = Keyed[int](), []
    for step, key, value in steps:
        seen.append((keyed, keyed.items()))
        keyed = keyed.put(key, value) if step == "put" else keyed.drop(key)
    assert all(old.items() == items for old, items in seen)


def test_keyed_knows_what_is_not_there() -> None:
    keyed = Keyed([("a", 1)])
    with pytest.raises(KeyError):
        keyed["b"]
    assert (keyed["a"], repr(keyed), keyed == {"a": 1}) == (1, "Keyed([('a', 1)])", False)
