"""The board in the Temporal UI: Markdown bullets (tables render badly there), roles and libraries, no person."""

from __future__ import annotations

from datetime import datetime

from exchange.approval import Prompt
from exchange.base import Text
from exchange.plan import Invitations, Registration, Step, Visits
from exchange.state import Cycle

STAYS = {
    "planned": "not asked yet", "asked": "asked", "proposed": "proposes another time", "open": "nobody asked now",
    "confirmed": "confirmed", "given_up": "given up", "visited": "visited", "released": "released",
}  # fmt: skip


def board(cycle: Cycle) -> str:
    """What is done, what is going on, what waits for which role, counts, hosts, money."""
    lines = [f"### {words(cycle.plan.theme_name, cycle.plan.theme)}"]
    if cycle.plan.practice:
        lines.append("*Practice: nothing leaves this computer.*")
    if cycle.standstill is not None:
        since = f"{cycle.standstill.since:%Y-%m-%d %H:%M} UTC"
        lines.append(f"**Suspended** since {since} by the {cycle.standstill.role} — `kierros resume {cycle.plan.id}`")
    elif cycle.over:
        lines.append(f"**{cycle.phase.capitalize()}.**")
    lines += ["", *(_step(cycle, step) for step in cycle.plan.steps), ""]
    lines += _waiting(cycle) or ["Nothing waits for a decision."]
    if cycle.plan.budget.cap:
        purse, currency = cycle.purse, cycle.plan.budget.currency
        spent, committed, cap = purse.settled / 100, purse.committed / 100, purse.cap / 100
        lines += ["", f"Money: {committed:,.2f} committed, {spent:,.2f} settled, of {cap:,.2f} {currency}."]
    return "\n".join(lines)


def at_a_glance(cycle: Cycle) -> tuple[str, list[str], datetime | None, int]:
    """What lists of cycles show: the step, the roles that are awaited and since when, how many have a place."""
    prompts = cycle.prompts.values()
    step = cycle.phase if cycle.standstill else cycle.current or cycle.phase
    roles = sorted({p.deputy if p.passed and p.deputy else p.role for p in prompts})
    since = min((p.opened_at for p in prompts), default=None)
    return step, roles, since, sum(desk.confirmed for desk in cycle.desk_books.values())


def words(text: Text, fallback: str) -> str:
    """English where there is some, else the first language."""
    return text.get("en") or next(iter(text.values()), fallback)


def _step(cycle: Cycle, step: Step) -> str:
    done, now = cycle.settled(step.id), step.id == cycle.current
    mark = "✓" if done else ("→" if now and cycle.phase == "running" else "·")
    detail = _detail(cycle, step)
    title = words(step.title, step.id.replace("-", " "))
    return f"- {mark} **{title}**" + (f" — {detail}" if detail else "")


def _detail(cycle: Cycle, step: Step) -> str:
    match step:
        case Registration():
            desk = cycle.desk(step.id)
            return f"{desk.confirmed} of {desk.capacity} places, {desk.waiting} waiting, {len(desk.offers)} on offer"
        case Visits():
            return "; ".join(_stay(cycle, step, slot.id) for slot in step.slots)
        case _:
            return _count(cycle, step)


def _stay(cycle: Cycle, step: Visits, slot: str) -> str:
    booking = cycle.booking(step.id, slot)
    organisation = cycle.plan.organisation(booking.host)
    host = words(organisation.name, booking.host) if organisation else booking.host
    return f"{slot}: {host + ' ' if host else ''}{STAYS[booking.stage]}"


def _count(cycle: Cycle, step: Step) -> str:
    if isinstance(step, Invitations):
        return f"{len(cycle.guests(step.id).answers)} of {len(step.people)} answered"
    if step.kind == "feedback" and cycle.survey(step.id).asked:
        survey = cycle.survey(step.id)
        return f"{len(survey.given)} of {survey.asked} answers"
    return ""


def _waiting(cycle: Cycle) -> list[str]:
    return [_prompt(prompt) for prompt in cycle.prompts.values()]


def _prompt(prompt: Prompt) -> str:
    role = prompt.deputy if prompt.passed and prompt.deputy else prompt.role
    verb = "approve" if prompt.about == "approval" else "choose"
    until = f"{prompt.due_at:%Y-%m-%d %H:%M} UTC"
    return f"- **{prompt.id}** waits for the {role} until {until} — `kierros {verb} {prompt.id}`"
