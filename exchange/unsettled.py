"""What waits for staff about one visit: the decision is opened, and closed where it has lost its sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.base import Command, Event
from exchange.plan import Candidate, Slot, Visits
from exchange.prompt import PromptOpened, closed, opened, overtaken

if TYPE_CHECKING:
    from exchange.state import Cycle


def ask_staff(
    cycle: Cycle, command: Command, step: Visits, slot: Slot, host: str, *options: str, **more: object
) -> PromptOpened:
    number = cycle.booking(step.id, slot.id).asked_staff + 1
    deputy = step.approval.deputy if step.approval else None
    about: dict[str, object] = {"about": "host", **more}
    return opened(
        command, f"{about['about']}-{step.id}-{slot.id}-{number}", step.decide_within,
        step=step.id, subject=slot.id, host=host, role=step.decide_role, options=options,
        revision=number, deputy=deputy if deputy != step.decide_role else None, **about,
    )  # fmt: skip


def left(cycle: Cycle, step: Visits, slot: Slot) -> list[Candidate]:
    """The candidates that have not been tried yet, best first."""
    booking = cycle.booking(step.id, slot.id)
    return [c for c in slot.candidates if c.host not in {*booking.tried, booking.host}]


def lapse(cycle: Cycle, command: Command, step: Visits, slot: Slot, *, late_too: bool) -> list[Event]:
    """Closes the slot's prompts that have lost their sense.

    A late yes keeps its own while the slot is not over, unless that decides as well who is asked next.
    """
    return [
        closed(command, p.id, "lapsed")
        for p in cycle.prompts.values()
        if (p.step, p.subject) == (step.id, slot.id)
        and (p.about == "wish" or (p.about == "host" and (late_too or "keep" not in p.options)))
    ]


def what_now(cycle: Cycle, step: Visits, slot: Slot) -> list[str]:
    """The open prompts that ask how the slot goes on without the host that said no or nothing."""
    about = ("host", step.id, slot.id)
    mine = (p for p in cycle.prompts.values() if (p.about, p.step, p.subject) == about)
    return [p.id for p in mine if not {"switch", "accept"} & set(p.options)]


def instead(command: Command, old: list[str], newer: PromptOpened) -> list[Event]:
    """The newer prompt in the place of those."""
    return [*(overtaken(command, prompt, newer) for prompt in old), newer]


def wish_over(cycle: Cycle, command: Command, step: str, slot: str) -> list[Event]:
    """Closes the decision about a host's wish to move the visit, where one waits."""
    waits = (p for p in cycle.prompts.values() if (p.about, p.step, p.subject) == ("wish", step, slot))
    return [closed(command, p.id, "lapsed") for p in waits]
