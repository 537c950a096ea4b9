"""Groups of people whom staff may write to: each is a pure selection over the state, made when it is asked for.

A letter to a group goes to those who are in it when the letter is approved. What a group is called, whom it holds and
what is said where it is empty stands here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.base import Model, Refusal
from exchange.invitation import unanswered
from exchange.naming import of_homes
from exchange.plan import Approval

if TYPE_CHECKING:
    from exchange.desk import Place
    from exchange.state import Cycle

PREFIX = "word_"
"""Letters in staff's own words are called ``word_1``, ``word_2``, …; no step of a plan can be called so."""


class Word(Model):
    """A letter in staff's own words that waits to be approved."""

    id: str
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """References ``p_…`` of people who were named one by one."""
    subject: str = ""
    text: str = ""
    """References ``n_…`` of the words, in one language or in several."""
    by: str = ""
    """Who wrote it."""
    copies: tuple[str, ...] = ()
    """Staff who get a copy when it leaves."""
    approval: Approval = Approval(role="coordinator")
    """Whom the plan asks for letters of this sort."""

    @property
    def facts(self) -> dict[str, str]:
        """What the letter is made of, for its row."""
        return {"subject": self.subject, "text": self.text, "by": self.by}


@dataclass(frozen=True)
class Group:
    """Whom it holds, in words and as a selection; and the sentence for when it is empty."""

    meaning: str
    nobody: str
    select: Callable[[Cycle], Iterator[str]]


@dataclass(eq=False)
class UnknownGroup(Refusal):
    group: str
    groups: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.group!r} is no group of this cycle. There are {', '.join(self.groups)}; a person is named by her "
            "e-mail address, a library by its id."
        )


@dataclass(eq=False)
class EmptyGroup(Refusal):
    group: str

    def __str__(self) -> str:
        return (
            f"{GROUPS[self.group].nobody}, so there is nobody to write to under {self.group!r}. Leave it out, or name "
            "another: `kierros write --groups` lists them, and how many are in each."
        )


@dataclass(eq=False)
class NobodyLeftToRead(Refusal):
    word: str

    def __str__(self) -> str:
        return (
            f"Nobody is left to read {self.word}: those for whom it was written are not among them any more. Reject "
            f"it (`kierros reject --step {self.word}`)."
        )


def readers(cycle: Cycle, word: Word) -> tuple[str, ...]:
    """Who is to have the letter as things stand: the groups in their order, then those named; each once."""
    chosen = (person for group in word.groups for person in GROUPS[group].select(cycle))
    return tuple(person for person in dict.fromkeys((*chosen, *word.people)) if person not in cycle.erased)


def leave_reader(cycle: Cycle, word: Word) -> None:
    """Whether there is anybody to read the letter.

    Raises:
        NobodyLeftToRead: its groups have emptied since it was written.
    """
    if not readers(cycle, word):
        raise NobodyLeftToRead(word.id)


def everybody(cycle: Cycle) -> Iterator[str]:
    """Who was invited and has not declined, who has a place or waits, who is to speak, and hosts asked or confirmed."""
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        if guests.stage == "sent":
            still = (person for person in step.people if guests.answers.get(person) not in {"declined", "erased"})
            yield from (person for person in still if not _has_left(cycle, person))
    yield from _standing(cycle, lambda place: place.live)
    for seminar in cycle.seminars():
        if cycle.gathering(seminar.id).stage == "announced":
            yield from (session.speaker for session in seminar.sessions if session.speaker)
    yield from _hosts(cycle, "asked", "proposed", "confirmed")


def _has_left(cycle: Cycle, person: str) -> bool:
    """Whether she stood at a desk, and stands at none any more: that she once answered outlives it."""
    _, place = cycle.place(person)
    return place is not None and not place.live


def _invited(cycle: Cycle) -> Iterator[str]:
    for step in cycle.invitations():
        if cycle.guests(step.id).stage == "sent":
            yield from step.people


def _unanswered(cycle: Cycle) -> Iterator[str]:
    for step in cycle.invitations():
        if cycle.guests(step.id).stage == "sent":
            yield from unanswered(cycle, step)


def _declined(cycle: Cycle) -> Iterator[str]:
    for step in cycle.invitations():
        answers = cycle.guests(step.id).answers
        yield from (p for p in step.people if answers.get(p) == "declined" and not cycle.is_in(p))
    yield from (p for p in _standing(cycle, lambda place: place.state == "declined") if not cycle.is_in(p))


def _waiting(cycle: Cycle) -> Iterator[str]:
    for step in cycle.desks_in_plan():
        yield from cycle.desk(step.id).turns()


def _withdrawn(cycle: Cycle) -> Iterator[str]:
    return (p for p in _standing(cycle, lambda place: place.state == "withdrawn") if not cycle.is_in(p))


def _speakers(cycle: Cycle) -> Iterator[str]:
    return (session.speaker for step in cycle.seminars() for session in step.sessions if session.speaker)


def _standing(cycle: Cycle, how: Callable[[Place], bool]) -> Iterator[str]:
    """Those who stand so at a desk, in the order in which they entered."""
    for step in cycle.desks_in_plan():
        yield from (person for person, place in cycle.desk(step.id).people.items() if how(place))


def _hosts(cycle: Cycle, *stages: str) -> Iterator[str]:
    """The contacts of the hosts of stays in one of those stages."""
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            if stay.stage in stages:
                yield from (c.contact for c in slot.candidates if c.host == stay.host)


GROUPS: dict[str, Group] = {
    "everybody": Group(
        "who counts on the cycle: invited and not declined, with a place or waiting for one, announced speakers, hosts",
        "Nobody counts on the cycle yet",
        everybody,
    ),
    "invited": Group("everybody whose invitation has left, whatever the answer", "Nobody was invited yet", _invited),
    "unanswered": Group("invited people who have not answered", "No invitation is unanswered", _unanswered),
    "declined": Group("who said no to the invitation, or to a place on offer", "Nobody has declined", _declined),
    "applied": Group(
        "who has applied and has not heard yet who is chosen",
        "No application is open",
        lambda cycle: _standing(cycle, lambda place: place.state == "applied"),
    ),
    "confirmed": Group("who has a place", "Nobody has a place", lambda cycle: iter(cycle.group())),
    "offered": Group(
        "who has been offered a place and has not answered",
        "No place is on offer",
        lambda cycle: _standing(cycle, lambda place: place.state == "offered"),
    ),
    "expired": Group(
        "whose offer of a place ran out before an answer came",
        "No offer of a place has run out",
        lambda cycle: (p for p in _standing(cycle, lambda place: place.state == "expired") if not cycle.is_in(p)),
    ),
    "waiting": Group("who is on the waiting list", "Nobody waits", _waiting),
    "withdrawn": Group("who gave a place back, or left the waiting list", "Nobody has withdrawn", _withdrawn),
    "participants": Group(
        "who has a place and was not noted absent", "Nobody has taken part", lambda cycle: iter(cycle.participants())
    ),
    "speakers": Group("who speaks at a seminar", "Nobody speaks at a seminar", _speakers),
    "asked": Group(
        "contacts of hosts that have not answered yet, or want other dates",
        "No host is being asked",
        lambda cycle: _hosts(cycle, "asked", "proposed"),
    ),
    "hosts": Group(
        "contacts of hosts that have said yes",
        "No host has said yes",
        lambda cycle: _hosts(cycle, "confirmed", "visited"),
    ),
    "contacts": Group(
        "contacts of the libraries that choose whom they send",
        "The plan names no contact of a library that chooses whom it sends",
        lambda cycle: (person for _, person in sorted(of_homes(cycle).items())),
    ),
    "staff": Group(
        "your colleagues: everybody who has a role in the cycle",
        "Nobody has a role",
        lambda cycle: (staff for holders in cycle.plan.roles.values() for staff in holders),
    ),
}
"""All groups, in the order in which people move through a cycle."""
