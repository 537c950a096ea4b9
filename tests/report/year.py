"""A year played by the rules: commands are decided and folded, and time asks for what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from exchange.approval import Approve, Choose, RecordPrepared
from exchange.base import PLAN, Command, Event
from exchange.booking import AnswerAsHost
from exchange.cycle import at_last, begin, decide, due, fold
from exchange.feedback import GiveFeedback
from exchange.invitation import DeclineInvitation
from exchange.plan import CyclePlan, Invitations
from exchange.registration import AcceptOffer, Register, Withdraw
from exchange.seminar import RecordAttendance
from plans import PersonRow, Split, read_people, read_plan, split_plan
from plans.roster import Staffer
from store.models import Person, TextRow

KALININGRAD = Path(__file__).parents[2] / "examples" / "kaliningrad-2012" / "plan.yaml"
STAFF = {"s_kristina": "Kristina Virtanen", "s_olga": "Olga Sokolova", "s_antti": "Antti Laine"}


@cache
def _split() -> Split:
    file = read_plan(KALININGRAD)
    numbers = iter(range(1, 1000))
    return split_plan(
        file,
        read_people(file.people),
        {name: Staffer(ref) for ref, name in STAFF.items()},
        starter="s_kristina",
        now=datetime(2012, 1, 2, tzinfo=UTC),
        refs=lambda kind: f"{kind}_{next(numbers):04}",
    )


def kaliningrad(**changes: Any) -> tuple[CyclePlan, dict[str, dict[str, str]]]:
    """The plan of 2012 with references that are always the same, and the texts behind them."""
    split = _split()
    return split.plan.model_copy(update=changes), {row.ref: row.words for row in split.texts}


def rows() -> tuple[list[Person], list[TextRow]]:
    """The people and texts of the plan, as the record keeps them."""
    split = _split()
    people = [Person(**{k: getattr(row, k) for k in PersonRow.__match_args__}) for row in split.people]
    return people, [TextRow(ref=row.ref, words=row.words, kind=row.place) for row in split.texts]


class Year:
    """One cycle and its journal."""

    def __init__(self, plan: CyclePlan) -> None:
        self.cycle = begin(plan)
        self.journal: list[Event] = []
        self.now = datetime(2012, 1, 2, 8, tzinfo=UTC)

    def say(self, command: Command) -> list[Event]:
        events = decide(self.cycle, command)
        self.cycle = fold(self.cycle, events)
        self.journal += events
        return events

    def until(self, *when: int) -> Year:
        """Lets time pass to that local date (and hour): everything due is decided, all that waits is agreed to."""
        return self.to(datetime(*when, tzinfo=UTC))  # type: ignore[arg-type,misc]

    def to(self, moment: datetime) -> Year:
        while True:
            self._prepare()
            entries = [entry for entry in due(self.cycle) if entry.at <= moment]
            if not entries:
                self.now = moment
                return self
            self.now = max(self.now, entries[0].at)
            self.say(at_last(entries[0], self.now))

    def _prepare(self) -> None:
        for step, state in sorted(self.cycle.approvals.items()):
            if state.stage == "preparing":
                letters = {"letters": 24, "languages": ("en", "ru")}
                self.say(
                    RecordPrepared(
                        at=self.now, actor=PLAN, step=step, revision=state.revision, digest=f"d-{step}", **letters
                    )
                )

    def approve(self, step: str, actor: str) -> Year:
        prompt = next(p for p in self.cycle.prompts.values() if p.step == step)
        self.say(Approve(at=self.now, actor=actor, prompt=prompt.id, digest=prompt.digest))
        return self

    def choose(self, about: str, option: str, actor: str = "s_kristina") -> Year:
        prompt = next(p for p in self.cycle.prompts.values() if p.about == about)
        self.say(Choose(at=self.now, actor=actor, prompt=prompt.id, option=option))
        return self

    def invited(self) -> list[str]:
        return [person for step in self.cycle.plan.steps if isinstance(step, Invitations) for person in step.people]

    def register(self, *people: str) -> Year:
        for person in people:
            self.now += timedelta(hours=3)
            self.say(Register(at=self.now, actor=person, person=person, home=self.cycle.plan.homes.get(person, "")))
        return self

    def answers(self, host: str, answer: str, slot: str = "") -> Year:
        contact = f"p_{host}"
        self.say(AnswerAsHost(at=self.now, actor=contact, host=host, answer=answer, slot=slot))  # type: ignore[arg-type]
        return self

    def attend(self, step: str, *, absent: int = 0) -> Year:
        group = self.cycle.group()
        for number, person in enumerate(group):
            there = number >= absent
            self.say(RecordAttendance(at=self.now, actor="s_kristina", step=step, person=person, present=there))
        return self

    def give(self, *people: str) -> Year:
        for person in people:
            self.now += timedelta(minutes=50)
            self.say(GiveFeedback(at=self.now, actor=person, person=person))
        return self


def good_year(plan: CyclePlan) -> Year:
    """The whole of 2012: a host declines, one keeps silent, some withdraw, most answer."""
    year = Year(plan).until(2012, 1, 17).approve("invitations", "s_kristina").until(2012, 1, 24)
    people = year.invited()
    year.register(*people[:9]).until(2012, 2, 8).approve("visits", "s_antti")
    year.say(DeclineInvitation(at=year.now, actor=people[-1], person=people[-1]))
    year.register(*people[9:14]).until(2012, 2, 13).answers("malmo", "decline").answers("helsinki", "confirm")
    year.register(*people[14:23]).until(2012, 2, 20).answers("blagarden", "confirm")
    year.say(Withdraw(at=year.now, actor=people[3], person=people[3]))
    year.until(2012, 2, 21)
    for person, _ in list(year.cycle.desk("registration").offers):
        year.say(AcceptOffer(at=year.now, actor=person, person=person))
    year.until(2012, 2, 24).answers("gellerup", "confirm").until(2012, 3, 21).attend("introductory-seminar", absent=1)
    year.until(2012, 8, 29).approve("final-seminar", "s_kristina").until(2012, 9, 20, 6).attend(
        "final-seminar", absent=3
    )
    year.until(2012, 9, 21)
    there = year.cycle.participants()
    return year.give(*there[:11]).until(2012, 10, 9).give(*there[11:16]).until(2012, 11, 13)


def good_answers(year: Year) -> dict[str, dict[str, list[Any]]]:
    """What the sixteen answered, question by question."""
    return {
        "feedback": {
            "knowledge": [5, 5, 4, 5, 4, 5, 3, 5, 4, 4, 5, 5, 4, 5, 5, 4],
            "confidence": [4, 3, 4, 5, 4, 3, 3, 4, 4, 2, 4, 5, 4, 3, 4, 4],
            "application": [5, 4, 4, 5, 5, 5, 3, 4, 5, 4, 5, 5, 4, 5, 4, 4],
            "awareness": [5, 5, 5, 5, 4, 5, 4, 5, 5, 5, 5, 5, 4, 5, 5, 5],
            "host": [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 1, 2, 3],
            "gains": [1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 4, 6, 6, 2, 1],
            "next-theme": [
                "Working with young people who do not come to the library.",
                "Сельские библиотеки: как работать вдвоём за десятерых.",
                "How to measure what a project has changed. Olga Sokolova said she would help.",
                "Libraries and schools",
                "Kirjasto ja digitaalinen osallisuus",
                "The library as a place to stay: rooms, furniture, opening hours.",
                "Anything, if we may go to Gellerup again.",
            ],
        }
    }
