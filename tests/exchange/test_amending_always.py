"""Amendments of any kind at any moment of a cycle: whatever is asked, the past, the promises and the letters stay."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange import cycle as rules
from exchange.amended import Change, changed, fields_of, moments
from exchange.amending import Amend, PlanAmended
from exchange.base import Refusal
from exchange.begun import ahead
from exchange.correspondence import ordered
from exchange.essential import essential
from exchange.plan import Feedback, Seminar, Step, Visits, When
from exchange.state import Cycle
from tests.builders import OLGA, on, visits
from tests.builders import slot as stay
from tests.exchange.acting import moment
from tests.exchange.variety import Stream
from tests.exchange.world import live

FLOORS = {
    "amended": 250, "asked again": 60, "a step more": 8, "a step less": 50, "refused StepBegun": 150,
    "refused PlacedBeforeBegun": 40, "refused OutOfPlan": 20,
}  # fmt: skip
"""How often the amendments of the test must come so far: under its floor, it would prove nothing."""
REACHED: Counter[str] = Counter()


def wished(stream: Stream, cycle: Cycle, now: datetime) -> Amend:
    """An amendment as somebody might wish it: a step changes, comes or goes."""
    steps = list(cycle.plan.steps)
    step, order = stream.pick(steps), [s.id for s in steps]
    how = stream.pick(["change", "change", "add", "add", "take out"])
    changes: list[Change] = []
    if how == "take out":
        order.remove(step.id)
    elif how == "add":
        behind, begins = stream.pick([("visits", 50), ("feedback", 77), ("feedback", 77), ("", 20)])
        new = visits(stay("other", begins, "oslo"), id="more-visits", prepare=moment(now + timedelta(days=1)))
        order.insert(order.index(behind) + 1 if behind in order else 0, new.id)
        changes.append(Change(step=new))
    else:
        fields = _fields(stream, step)
        changes.append(
            Change(step=step.model_copy(update=fields), fields=tuple(fields_of(step, step.model_copy(update=fields))))
        )
    return Amend(at=now, actor=OLGA, changes=tuple(changes), order=tuple(order), reason="n_why")


def _fields(stream: Stream, step: Step) -> dict[str, Any]:
    days = stream.pick([1, 0.5, 12])
    options: list[dict[str, Any]] = [{"title": {"en": "Another"}}, {"approval": None}, {"letter": "n_new"}]
    if isinstance(step, Seminar):
        options += [{"ends": later(step.ends, days)}, {"cents": 7}, {"announce": later(step.announce, days)}]
    if isinstance(step, Feedback):
        options += [{"closes": later(step.closes, days)}, {"remind": ()}]
    if isinstance(step, Visits):
        options += [
            {"slots": step.slots[:-1]},
            {"fallback": "automatic"},
            {"slots": (*step.slots, stay("new", 51, "oslo"))},
        ]
    return stream.pick(options)


def later(when: When, days: float) -> When:
    return moment(when.at + timedelta(days=days))


@settings(max_examples=120)
@given(
    st.binary(min_size=160, max_size=300),
    st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=12, max_size=12)), min_size=12, max_size=12),
)
def amendments(data: bytes, tries: list[tuple[int, bytes]]) -> None:
    world = live(data, Counter())
    for place, choices in tries:
        cycle = world.beginning
        happened = world.journal[: place % max(1, len(world.journal))]
        cycle = rules.fold(cycle, happened)
        now = happened[-1].at if happened else on(0).at
        look(cycle, wished(Stream(choices), cycle, now))


def look(cycle: Cycle, wish: Amend) -> None:
    try:
        events = rules.decide(cycle, wish)
    except Refusal as refusal:
        REACHED[f"refused {refusal.name}"] += 1
        REACHED["refused without a sentence"] += not str(refusal)
        return
    after = rules.fold(cycle, events)
    REACHED["amended"] += 1
    REACHED["asked again"] += "PreparationBegan" in {type(event).__name__ for event in events}
    REACHED["a step more"] += len(after.plan.steps) > len(cycle.plan.steps)
    REACHED["a step less"] += len(after.plan.steps) < len(cycle.plan.steps)
    the_past_stays(cycle, after)
    (event,) = (event for event in events if isinstance(event, PlanAmended))
    before = {when.at for when in moments(cycle.plan)}
    assert all(when.at in before or when.at > wish.at for when in moments(after.plan)), "20: a new date in the past"
    if after.phase == "running":
        assert {mail.op for mail in ordered(cycle, events)} <= {"drop"}, "2: an amendment sends a letter"
    short = cycle.put(plan=essential(cycle.plan))
    assert rules.decide(short, wish) == events, "28: the workflow's plan decides otherwise"
    assert event.revision == cycle.plan.revision + 1


def the_past_stays(before: Cycle, after: Cycle) -> None:
    for kept in ("guest_lists", "desk_books", "gatherings", "bookings", "survey_books", "purse", "filed"):
        assert getattr(before, kept) == getattr(after, kept), f"3: an amendment changes {kept}"
    for fixed in ("roles", "budget", "starter", "zone", "languages", "homes"):
        assert getattr(before.plan, fixed) == getattr(after.plan, fixed)
    still = {step.id: step for step in after.plan.steps}
    for step in before.plan.steps:
        if before.settled(step.id):
            assert after.settled(step.id), "3: what is behind us comes again"
        if before.approving(step.id).stage == "given":
            assert after.approving(step.id) == before.approving(step.id), "4: what was approved is asked again"
        if step.id in still:
            assert still[step.id].approval == step.approval, "5: an amendment changes who must agree"
            free = ahead(before, step)
            differs = {f for f in type(step).model_fields if getattr(step, f) != getattr(still[step.id], f)}
            assert differs <= free, "an amendment that touches the past"


def test_an_amendment_changes_what_lies_ahead_and_nothing_else() -> None:
    REACHED.clear()
    amendments()
    assert not REACHED["refused without a sentence"]
    short = {name: (REACHED[name], floor) for name, floor in FLOORS.items() if REACHED[name] < floor}
    assert not short, f"too seldom reached (times, floor): {short}"


def test_a_change_of_no_field_changes_nothing() -> None:
    step = visits()
    assert changed(step, Change(step=step.model_copy(update={"slots": ()}))) == step
