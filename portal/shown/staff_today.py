"""The desk as it is today: what waits for whom, what the next days bring, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.cycle import due
from exchange.eyes import fresh_eyes
from exchange.prompt import Prompt
from exchange.state import Cycle
from letters.zones import zone
from portal.shown.staff_names import Spoken
from portal.speech import PageWords, mark
from telling.heldup import empty
from telling.sentences import asks, coming
from workers.trouble import Trouble

DAYS = 14


@dataclass(frozen=True)
class Waiting:
    """A decision that waits."""

    cycle: str
    id: str
    asks: str
    role: str
    people: str
    since: str
    due: str
    away: str
    late: bool
    mine: bool
    """Whether the reader may decide it."""
    paused: bool
    due_at: datetime

    @property
    def address(self) -> str:
        return f"/staff/decisions/{self.cycle}/{self.id}"


def waiting_in(state: Cycle, names: Spoken, reader: str, now: datetime) -> list[Waiting]:
    """The decisions that wait in a cycle, the one due first standing first."""
    found = [waiting(state, names, prompt, reader, now) for prompt in state.prompts.values()]
    return sorted(found, key=lambda one: one.due_at)


def waiting(state: Cycle, names: Spoken, prompt: Prompt, reader: str, now: datetime) -> Waiting:
    """One decision that waits, for that reader."""
    roles, paused = roles_of(prompt), state.standstill is not None
    holders = dict.fromkeys(one for role in roles for one in state.plan.roles.get(role, ()))
    able = [one for one in holders if fresh_eyes(state, prompt, one)]
    return Waiting(
        cycle=state.plan.id,
        id=prompt.id,
        asks=capital(asks(prompt, names)),
        role=names.speech.one_of([names.role(role) for role in roles]),
        people=names.speech.all_of([names.who(one) for one in able]),
        since=names.day(prompt.opened_at),
        due=names.moment(prompt.due_at, now),
        away=names.away(prompt.due_at, now),
        late=prompt.due_at < now and not paused,
        mine=reader in able,
        paused=paused,
        due_at=prompt.due_at,
    )


def roles_of(prompt: Prompt) -> list[str]:
    """The roles that may answer it now."""
    return [prompt.role, *([prompt.deputy] if prompt.passed and prompt.deputy else [])]


def capital(words: str) -> str:
    """With a capital first letter."""
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Coming:
    """A date ahead."""

    at: datetime
    day: str
    hour: str
    what: str
    cycle: str
    theme: str


def coming_in(state: Cycle, names: Spoken, theme: str, until: datetime) -> list[Coming]:
    """What time will ask for in a cycle until then, earliest first."""
    found = []
    for entry in due(state):
        if entry.at > until:
            break
        local, words = entry.at.astimezone(zone(state.plan.zone)), names.speech
        found.append(
            Coming(
                entry.at, words.weekday(local), words.clock(local), coming(entry.command, names), state.plan.id, theme
            )
        )
    return found


def by_day(dates: Iterable[Coming]) -> list[tuple[str, list[Coming]]]:
    """Dates under their days, in order."""
    days: dict[str, list[Coming]] = {}
    for one in sorted(dates, key=lambda date: date.at):
        days.setdefault(one.day, []).append(one)
    return list(days.items())


def horizon(now: datetime) -> datetime:
    """To where the page looks ahead."""
    return now + timedelta(days=DAYS)


@dataclass(frozen=True)
class Wrong:
    """Something that needs a hand, and where it is seen to."""

    what: str
    address: str
    theme: str


_WRONG = {
    "absent": mark("%(letters)s should have left while nothing ran"),
    "failed": mark("%(letters)s could not be delivered"),
    "suspect": mark("%(letters)s may or may not have arrived"),
    "unfiled": mark("The report is not the one that was approved, and was not filed"),
    "erasing": mark("An erasure is still pending"),
    "sender": mark("No letter leaves: the mail server refuses our sender"),
    "newer": mark("This cycle waits for a newer release of Kierros"),
    "still": mark("The cycle is suspended since %(since)s"),
    "left": mark("The last date of the plan has passed and decisions wait: it does not end by itself"),
    "defect": mark("An answer could not be read"),
    "pending": mark("The cycle has not begun: the engine has not taken it yet"),
    "lost": mark("The cycle stands still: nothing carries it on"),
    "behind": mark("What was due on %(since)s has not happened: the engine does not run"),
}


def wrong_of(words: PageWords, trouble: Trouble, names: Spoken | None, theme: str) -> Wrong:
    """What is wrong in words, with the page that helps; without one where only the computer's keeper can help."""
    cycle = f"/staff/cycles/{trouble.cycle}"
    pages = {
        "absent": f"{cycle}/letters", "failed": f"{cycle}/letters", "suspect": f"{cycle}/letters",
        "still": f"{cycle}/do/resume",
        "defect": f"/staff/decisions/{trouble.cycle}/{trouble.about}", "unfiled": cycle, "pending": cycle,
        "lost": cycle, "behind": cycle, "left": f"{cycle}/do/cancel",
    }  # fmt: skip
    letters = words.ngettext("%(num)s letter", "%(num)s letters", trouble.count)
    if names and trouble.begins is not None:
        return Wrong(empty(trouble.about, trouble.begins, names), f"{cycle}/do/cancel", theme)
    since = names.moment(trouble.at) if names and trouble.at else ""
    said = words.gettext(_WRONG[trouble.kind], letters=letters, since=since)
    return Wrong(said, pages.get(trouble.kind, ""), theme)
