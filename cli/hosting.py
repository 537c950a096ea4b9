"""Hosts and seminars: `host` and `attend`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.terminal import InCycle, Reason, terminal

if TYPE_CHECKING:
    from exchange.booking import AnswerAsHost
    from exchange.state import Cycle


@command(
    "host",
    PEOPLE,
    "kierros host helsinki confirm",
    'kierros host malmo decline --reason "We are closed for repairs"',
    "kierros host randers propose --begins 2027-04-12 --ends 2027-04-13",
    'kierros host oulu propose --slot spring --begins 2027-04-19 --reason "The hall is being painted"',
)
def host(
    name: Annotated[str, typer.Argument(metavar="HOST", help="The host, by its id or name in the plan.")],
    answer: Annotated[
        Literal["confirm", "decline", "propose"],
        typer.Argument(metavar="confirm|decline|propose", help="What it answers."),
    ],
    slot: Annotated[
        str, typer.Option(metavar="SLOT", help="Which visit; needed only where it is asked for several.")
    ] = "",
    begins: Annotated[str, typer.Option(metavar="WHEN", help="With propose: when the visit would begin.")] = "",
    ends: Annotated[str, typer.Option(metavar="WHEN", help="With propose: when it would end.")] = "",
    reason: Reason = "",
    cycle: InCycle = "",
) -> None:
    """Note a host's answer to the request for a visit, or that it wishes to move what it has confirmed.

    A proposal about a visit that is confirmed moves nothing by itself: a decision opens that shows whom it touches and
    what clashes.
    """
    from cli.record import acting_in, cycle_id, kept
    from exchange.booking import AnswerAsHost
    from telling.times import now
    from workers.typed import asked_host, proposed

    wanted = cycle_id(cycle)
    acting_in(wanted)
    state = terminal().store.load(wanted)
    who, contact, stay = asked_host(state, name, slot)
    dates = proposed(state.plan, stay, begins, ends, now()) if answer == "propose" else {}
    text = kept(wanted, reason)
    wish = AnswerAsHost(at=now(), actor=contact, host=who, answer=answer, slot=slot, reason=text, **dates)
    hand_in(wanted, state, wish)


def hand_in(wanted: str, state: Cycle, wish: AnswerAsHost, entered: str = "") -> None:
    """Has a host's answer decided, and says what became of it; ``entered`` says who typed it in."""
    from cli.posting import send
    from telling.names import in_english

    here, yes, opened = terminal(), wish.answer == "confirm", ""
    called = next(in_english(o.name, o.id) for o in state.plan.organisations if o.id == wish.host)
    if send(wanted, wish):
        opened = _asks_staff(state, here.store.load(wanted), wish.host)
        then = f" What becomes of it is for you to decide: {opened}." if opened else ""
        said = "has said yes after all" if opened and yes else SAID[wish.answer]
        if wish.answer != "decline" and _confirmed(state, wish):
            said = "takes its wish back; the date stays" if yes else "wishes to move the visit, which stays where it is"
            entered = f"{_earlier(state, wish)}{entered}"
        here.say(f"{called} {said}.{entered}{then}", "green" if yes and not opened else "")
    here.next("kierros waiting" if opened or not yes else f"kierros show {wanted}")


def _confirmed(before: Cycle, wish: AnswerAsHost) -> bool:
    """Whether the host had confirmed the visit before."""
    stays = [
        before.booking(journey.id, slot.id)
        for journey in before.journeys()
        for slot in journey.slots
        if wish.slot in {"", slot.id}
    ]
    stages = {stay.stage for stay in stays if stay.host == wish.host}
    return "confirmed" in stages and not stages & {"asked", "proposed"}


def _earlier(before: Cycle, wish: AnswerAsHost) -> str:
    """That a wish takes the place of an earlier one; empty where it is the first, or a wish is taken back."""
    from telling.times import span

    standing = [b.wish for b in before.bookings.values() if b.host == wish.host and b.wish is not None]
    if wish.answer != "propose" or len(standing) != 1:
        return ""
    return f" This takes the place of its wish for {span(*standing[0])}, of which nothing is to be decided any more."


SAID = {"confirm": "has confirmed", "decline": "has declined", "propose": "has proposed other dates"}


def _asks_staff(before: Cycle, after: Cycle, host: str) -> str:
    """The decision that the host's answer has opened, e.g. a yes that comes late; empty where it opened none."""
    new = (prompt for prompt in after.prompts.values() if prompt.id not in before.prompts and prompt.host == host)
    return next((prompt.id for prompt in new), "")


def told(wanted: str, name: str, slot: str, rating: str, words: tuple[str, str]) -> None:
    """Notes what a host says of its visit: what it took from it, and what should be better next time."""
    from cli.posting import send
    from cli.record import kept, not_too_long
    from exchange.host_feedback import GiveHostFeedback
    from telling.names import Names
    from telling.refusals import tried
    from telling.times import now
    from workers.typed import visited_host

    here, state = terminal(), terminal().store.load(wanted)
    if rating not in {"1", "2", "3", "4", "5"}:
        raise Misused("Say with --rating what the visit gave the host's own library: from 1, nothing, to 5, very much.")
    step, stay, candidate = visited_host(state, name, slot)
    about: dict[str, Any] = {"host": candidate.host, "step": step, "slot": stay, "rating": rating}
    wish = GiveHostFeedback(at=now(), actor=candidate.contact, **about)
    tried(state, wish)  # asked first, so that no words are kept of what is refused
    for said in words:
        not_too_long(said, "feedback")
    gained, better = (kept(wanted, said) for said in words)
    if send(wanted, wish.model_copy(update={"gained": gained, "better": better})):
        names = Names(state.plan)
        again = ", instead of what it said before" if state.booking(step, stay).heard else ""
        here.say(f"{names.host(candidate.host)} has told how the visit {names.slot(stay, step)} went{again}.", "green")
    here.next(f"kierros report {wanted}")


@command("attend", PEOPLE, "kierros attend opening anna@library.example", "kierros attend opening --file present.csv")
def attend(
    step: Annotated[str, typer.Argument(metavar="STEP", help="The seminar, by its id in the plan.")],
    addresses: Annotated[list[str] | None, typer.Argument(metavar="ADDRESS", help="Who was there.")] = None,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="A list of people instead, CSV or XLSX.")] = None,
    absent: Annotated[bool, typer.Option("--absent", help="They were not there.")] = False,
    cycle: InCycle = "",
) -> None:
    """Note who was at a seminar, or who was absent."""
    from cli.engine import tell_all
    from cli.importing import addresses_in
    from cli.record import acting, cycle_id, person_at
    from exchange.seminar import RecordAttendance
    from telling.counts import plural
    from telling.times import now

    here, wanted, staff = terminal(), cycle_id(cycle), acting()
    listed = [*(addresses or []), *(addresses_in(file) if file else [])]
    if not listed:
        raise Misused("Name the people by ADDRESS, or a list with --file FILE.")
    people = [person_at(wanted, address) for address in listed]
    signed: dict[str, Any] = {"at": now(), "actor": staff.ref, "step": step, "present": not absent}
    tell_all(wanted, [RecordAttendance(**signed, person=person.ref) for person in people])
    here.say(f"{plural(len(people), 'person', 'people')} noted as {'absent' if absent else 'present'}.", "green")
    here.next(f"kierros show {wanted}")
