"""What staff do to the cycle: notes, dates, places, reminders, money, handing over, standing still, the end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from exchange.base import Command
from exchange.cancelling import Cancel
from exchange.cycle import evolve
from exchange.handing import HandOver, RolesHandedOver
from exchange.moving import movable
from exchange.noting import TakeNote
from exchange.plan import When
from exchange.registration import SetCapacity
from exchange.roles import held_by
from exchange.suspending import Resume, Suspend, passed
from plans.moments import beginning_of, is_over
from plans.words import plain
from portal.acting import asked_of_rules
from portal.deeds import Deed, Wrong, in_two_places, moment, now_of, reason, signed, steps_of, when_hint
from portal.forms import Field, Form
from portal.pages.staff_deeds_money import OF_MONEY
from portal.speech import mark
from portal.staff import Case
from telling.deputies import Missing, going, gone
from telling.wished import Time, known_of
from workers.typed import wish_to_move

# -- notes ----------------------------------------------------------------------------------------------------------


def _note_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    return [
        Field("note", say("What is to be remembered"), kind="textarea", most=2_000),
        Field("step", say("The step that it belongs to"), kind="select", required=False, options=steps_of(case)),
    ]


def _note(case: Case, form: Form) -> Command:
    return TakeNote(**signed(case), step=form.word("step"), note="n_")


# -- dates ----------------------------------------------------------------------------------------------------------


def _dates(case: Case) -> list[tuple[str, str]]:
    """What can move: ``step//field`` or ``step/slot/begins``, and how it stands."""
    found, names = [], case.names
    for step in case.state.plan.steps:
        for field, ahead in movable(case.state, step).items():
            standing = getattr(step, field, None)
            if ahead and isinstance(standing, When):
                what = names.date_name(field)
                found.append((f"{step.id}//{field}", f"{names.step(step.id)}, {what}: {names.written(standing)}"))
    for journey in case.state.journeys():
        for slot in journey.slots:
            if not case.state.booking(journey.id, slot.id).done:
                host = case.state.booking(journey.id, slot.id).host
                who = names.host(host) if host else names.stay(slot.id, journey.id)
                found.append((f"{journey.id}/{slot.id}/begins", f"{who}: {names.span(slot.begins, slot.ends)}"))
    return found


def _move_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    end = say("Of a seminar or a visit; left empty, it lasts as long as before.")
    return [
        Field("date", say("Which date?"), kind="select", options=_dates(case)),
        Field("when", say("To when?"), hint=when_hint(case)),
        Field("ends", say("New end"), required=False, hint=end),
        *([in_two_places(case)] if _several_hosts(case) else []),
        reason(case),
    ]


def _several_hosts(case: Case) -> bool:
    """Whether a visit could come to lie beside another."""
    return sum(bool(stay.host) and not stay.done for stay in case.state.bookings.values()) > 1


def _move(case: Case, form: Form) -> Command:
    step, slot, field = form.word("date").split("/")

    def read(words: str) -> Command:
        return wish_to_move(case.state, now_of(case), case.who.ref, step, field, words, slot, form.word("ends"))

    found = moment(case, form, "when", read)
    assert isinstance(found, Command)
    return found.model_copy(update={"anyway": "yes" in form.chosen("anyway")})


def _clashes(case: Case, wish: Command) -> list[str]:
    """What lies at the same time, where a visit moves for which a host stands."""
    slot, when, ends = (getattr(wish, name, None) for name in ("slot", "when", "ends"))
    if not slot or when is None or ends is None:
        return []
    step, stay = case.state.slot_of(getattr(wish, "step", ""), slot)
    if not case.state.booking(step.id, stay.id).host:
        return []
    return list(known_of(Time(case.who.house.store, case.state, step, stay, when, ends), case.names, wish.at))


# -- places ---------------------------------------------------------------------------------------------------------


def _places_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say, desks = case.words.gettext, case.state.desks_in_plan()
    options = [(step.id, f"{case.names.step(step.id)}: {case.state.desk(step.id).capacity}") for step in desks]
    return [
        Field("step", say("Registration"), kind="select", options=options),
        Field("capacity", say("How many places"), kind="number", most=5),
        reason(case),
    ]


def _places(case: Case, form: Form) -> Command:
    return SetCapacity(**signed(case), step=form.word("step"), capacity=int(form.word("capacity")))


# -- handing over ---------------------------------------------------------------------------------------------------


def _handover_fields(case: Case, query: Mapping[str, str]) -> list[Field]:
    say, store = case.words.gettext, case.who.house.store
    holders = dict.fromkeys(ref for held in case.state.plan.roles.values() for ref in held)
    gives = [
        (
            ref,
            f"{case.names.who(ref)} ({case.words.all_of([case.names.role(r) for r in held_by(case.state.plan, ref)])})",
        )
        for ref in holders
    ]
    takes = [(one.ref, one.name) for one in store.staff()]
    return [
        Field("source", say("Who hands over"), kind="select", options=gives, value=query.get("source", "")),
        Field("to", say("Who takes over"), kind="select", options=takes),
        Field("role", say("Which role"), kind="select", required=False, value=query.get("role", ""),
              options=[(role, case.names.role(role)) for role in case.state.plan.roles],
              hint=say("Left empty: every role that she holds.")),
        Field("on", say("From which day"), kind="date", required=False, hint=say("Left empty: at once.")),
        reason(case),
    ]  # fmt: skip


def _deputies(case: Case, wish: Command) -> list[str]:
    """That nobody would stand in any more, and how somebody is named."""
    assert isinstance(wish, HandOver)
    after = case.words.gettext("Name one then: let that role alone pass to somebody else, here.")
    return [f"{one.words} {after}" for one in going(case.state.plan, wish, case.names)]


def without_deputy(case: Case) -> list[Missing]:
    """Where the last handover has left nobody who stands in, and what is said of it."""
    events = [it.event for it in case.who.house.store.journal(case.id, kinds=("RolesHandedOver",))][-1:]
    return [
        one
        for event in events
        if isinstance(event, RolesHandedOver)
        for one in gone(case.state.plan, event, case.names)
    ]


def _handover(case: Case, form: Form) -> Command:
    staff = {one.ref: one for one in case.who.house.store.staff(everybody=True)}
    gives, takes, day = staff[form.word("source")], staff[form.word("to")], form.day("on")
    if day is not None and is_over(day.isoformat(), case.state.plan, now_of(case)):
        raise Wrong("on", case.words.gettext("This day is past. Leave it empty to hand over at once."))
    begins = beginning_of(day.isoformat(), case.state.plan, now_of(case)) if day else None
    return HandOver(
        **signed(case), source=gives.ref, to=takes.ref, not_before=begins, may=tuple(map(plain, takes.roles)),
        only=tuple(filter(None, [form.word("role")])), left=not gives.active,
    )  # fmt: skip


# -- standing still, and the end --------------------------------------------------------------------------------------


def _suspend_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    tell = Field("tell", say("Letters"), kind="checkboxes", required=False,
                 options=[("yes", say("Write to everybody who takes part, now and when it goes on"))])  # fmt: skip
    return [tell, reason(case)]


def _suspend(case: Case, form: Form) -> Command:
    return Suspend(**signed(case), tell=bool(form.word("tell")))


def _resume(case: Case, _form: Form) -> Command:
    return Resume(**signed(case))


def _gone_by(case: Case, wish: Command) -> list[str]:
    """Which dates have passed meanwhile."""
    return [
        f"{case.names.stay(it.slot, it.step) if it.slot else case.names.step(it.step)}: {case.names.written(it.when)}"
        for it in passed(case.state, wish.at)
    ]


def _cancel(case: Case, _form: Form) -> Command:
    return Cancel(**signed(case))


def _freed(case: Case, wish: Command) -> list[str]:
    """The money that was promised, and is not any more."""
    before = case.state.purse.committed
    freed = before - reduce(evolve, asked_of_rules(case, wish), case.state).purse.committed
    say = case.words.gettext
    return [say("Promised money that becomes free again: %(money)s.", money=case.names.money(freed))] if freed else []


def _going(case: Case) -> bool:
    return case.row.open and case.state.standstill is None


OF_CYCLES = (
    Deed(
        "note", mark("Take a note"), mark("For the history. Nothing else follows from it."), mark("Keep the note"),
        _note_fields, _note, words={"note": "note"},
    ),
    Deed(
        "move", mark("Move a date"), mark("Whoever knew the old date is told. You see first whom it touches."),
        mark("Move it"), _move_fields, _move, more=_clashes,
    ),
    Deed(
        "places", mark("Change the number of places"), mark("Nobody is put out; freed places go to those who wait."),
        mark("Change it"), _places_fields, _places, fits=lambda case: _going(case) and bool(case.state.desks_in_plan()),
    ),
    *OF_MONEY,
    Deed(
        "handover", mark("Hand over"), mark("What somebody does in this cycle passes to somebody else."),
        mark("Hand over"), _handover_fields, _handover, more=_deputies,
    ),
    Deed(
        "suspend", mark("Suspend the cycle"),
        mark("Answers are kept, nothing is due, and no letter leaves until it goes on."),
        mark("Suspend it"), _suspend_fields, _suspend, danger=True, fits=_going,
    ),
    Deed(
        "resume", mark("Let the cycle go on"), mark("You see first which dates have passed."), mark("Let it go on"),
        lambda case, _query: [reason(case, required=False)], _resume, more=_gone_by,
        fits=lambda case: case.row.open and case.state.standstill is not None,
    ),
    Deed(
        "cancel", mark("Cancel the cycle"),
        mark("It ends for good: all that is booked is released, and everyone invited is told once."),
        mark("Cancel the cycle for good"), lambda case, _query: [reason(case)], _cancel, more=_freed, danger=True,
    ),
)  # fmt: skip
