"""Which decision is meant, what it would do, and how it is told to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.faults import Misused, Refused
from cli.record import acting, kept, looked_up, open_cycles, person_at
from cli.terminal import terminal
from exchange.base import Command
from exchange.groups import Word
from exchange.plan import Step, Visits
from exchange.prompt import Prompt, waiting
from exchange.state import Cycle
from telling.hosting import asked_since
from telling.names import Names
from telling.refusals import tried
from telling.times import now

if TYPE_CHECKING:
    from store.models import Staff

OPTIONS = {
    "again": "have it made ready again",
    "next": "ask the next candidate",
    "give_up": "give the visit up",
    "accept": "accept the dates that the host proposes",
    "switch": "take the host that said yes after all",
    "move": "move the visit to the time that the host asks for; each with a place is asked whether she can still come",
    "keep_date": "keep the date; the host is told, and may still say no",
    "keep": "leave it without that host, which is thanked",
    "select": "give the places to those named with --pick; the others wait",
    "seen": "it has been seen to",
    "leave": "leave these letters unsent",
    "fewer_places": "fewer places; then `kierros capacity STEP NUMBER`",
    "larger_share": "a funder pays more; then `kierros money share FUNDER AMOUNT`",
    "cancel_part": "something is given up; then say so where it waits, or `kierros host HOST decline`",
    "ask_funder": "the funder is asked; when it has answered, `kierros money share FUNDER AMOUNT`",
    "accept_short": "it stays as it is, and is accounted for in the report",
}


@dataclass(frozen=True)
class Open:
    """A decision that waits, with everything needed to show and answer it."""

    cycle: Cycle
    names: Names
    prompt: Prompt
    staff: Staff

    @property
    def step(self) -> Step | Word:
        return self.cycle.to_approve(self.prompt.step)

    def signed(self) -> dict[str, Any]:
        """What every command says of itself: when, and by whom."""
        return {"at": now(), "actor": self.staff.ref}

    def try_out(self, command: Command) -> None:
        """Asks the rules beforehand, so that nobody reads letters she may not send.

        Raises:
            Refusal: the engine would say no.
        """
        tried(self.cycle, command)

    def keep(self, reason: str) -> str:
        """The reference of a reason, kept in the record."""
        return kept(self.cycle.plan.id, reason)

    def tell(self, command: Command) -> None:
        """Has the engine decide it."""
        from cli.engine import tell

        tell(self.cycle.plan.id, command)


def picked(prompt: str, step: str, cycle: str, verb: str) -> Open:
    """The decision that is meant: by id, by step, or the only one that waits for who acts.

    Raises:
        Refused: nothing like it waits.
        Misused: several could be meant, or it is answered in another way.
    """
    staff, way = acting(), "choose" if verb == "choose" else "approve"
    ids = [terminal().store.cycle(cycle).id] if cycle else [row.id for row in open_cycles()]
    found = [Open(state, names, p, staff) for state, names in map(looked_up, ids) for p in state.prompts.values()]
    if prompt or step:
        meant = [one for one in found if one.prompt.id == prompt or (not prompt and _of_step(one, step, way))]
    else:
        meant = [one for one in found if _answered_by(one.prompt) == way and _may(one)]
    if len(meant) > 1:
        listed = ", ".join(f"{one.prompt.id} ({one.cycle.plan.id})" for one in meant)
        raise Misused(f"Several decisions wait: {listed}. Name one{', and its cycle with --cycle' if prompt else ''}.")
    if not meant:
        raise _none(prompt, step, ids)
    return _fit(meant[0], way)


def _none(prompt: str, step: str, ids: list[str]) -> Exception:
    if prompt:
        for wanted in ids:
            state = terminal().store.load(wanted)
            if prompt in state.answered:
                waiting(state, prompt)  # the refusal says who answered it, and how
        return Refused(f"No decision called {prompt} waits. `kierros waiting` lists those that do.")
    what = f" for the step {step}" if step else " for you"
    return Refused(f"No decision waits{what}. `kierros waiting` lists those that wait, and for whom.")


def _of_step(one: Open, step: str, way: str) -> bool:
    return one.prompt.step == step and _answered_by(one.prompt) == way


def _answered_by(prompt: Prompt) -> str:
    return "approve" if prompt.about == "approval" else "choose"


def _may(one: Open) -> bool:
    prompt = one.prompt
    roles = {prompt.role, prompt.deputy} if prompt.passed else {prompt.role}
    return any(role and one.cycle.holds(one.staff.ref, role) for role in roles)


def _fit(one: Open, way: str) -> Open:
    """The decision, if it is answered by that command."""
    prompt = one.prompt
    if way == "choose" and prompt.about == "approval":
        raise Misused(f"{prompt.id} is answered with `kierros approve {prompt.id}` or `kierros reject {prompt.id}`.")
    if way != "choose" and prompt.about != "approval":
        meant = "; ".join(f"{name}: {words}" for name, words in options(one).items())
        raise Misused(f"{prompt.id} offers options. Answer it with `kierros choose {prompt.id} OPTION` ({meant}).")
    return one


def options(one: Open) -> dict[str, str]:
    """What a decision offers, and what each option means here."""
    meaning = {name: OPTIONS.get(name, name) for name in one.prompt.options}
    if "next" in meaning and (host := _next_host(one)):
        meaning["next"] = f"ask the next candidate, {host}"
    if "switch" in meaning:
        meaning |= _late(one, meaning)
    if one.prompt.about == "money":
        meaning["accept"] = OPTIONS["accept_short"]
    if one.prompt.about == "letters" and "again" in meaning:
        meaning["again"] = "have the letters tried again"
    return meaning


def _late(one: Open, meaning: dict[str, str]) -> dict[str, str]:
    """The options, where a host says yes after all: what becomes of it, and of the one asked since."""
    late, since = one.names.host(one.prompt.host), asked_since(one.cycle, one.prompt)
    found: dict[str, str] = {name: f"{meaning[name]}; thank {late}" for name in ("next", "give_up") if name in meaning}
    if since:
        host = one.names.host(since)
        found |= {"switch": f"take {late}, and release {host}, asked since"}
        found |= {"keep": f"keep {host}, asked since; thank {late}"} if "keep" in meaning else {}
    return found


def _next_host(one: Open) -> str:
    step = one.step
    assert isinstance(step, Visits)
    booking = one.cycle.booking(step.id, one.prompt.subject)
    slot = next(s for s in step.slots if s.id == one.prompt.subject)
    left = [c.host for c in slot.candidates if c.host not in {*booking.tried, booking.host}]
    return one.names.host(left[0]) if left else ""


def people_picked(one: Open, addresses: list[str]) -> tuple[str, ...]:
    """The references of the people named by address."""
    return tuple(person_at(one.cycle.plan.id, address).ref for address in addresses)
