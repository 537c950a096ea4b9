"""Plans, states and commands with good defaults, so that a test mentions only what matters to it.

Days count from :data:`START`; ``day(1.5)`` is an instant, ``on(1.5)`` the same moment as a plan writes it. The plan of
:func:`year` is the three-step theme: invitations, registration, introductory seminar, visits, final seminar, feedback,
report.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange.approval import Approve, RecordPrepared
from exchange.base import PLAN, TIME, Command, Event
from exchange.booking import AnswerAsHost
from exchange.cycle import at_last, begin, decide, due, fold
from exchange.plan import (
    Approval,
    Budget,
    Candidate,
    CyclePlan,
    Feedback,
    Invitations,
    Organisation,
    Registration,
    Report,
    Seminar,
    Session,
    Slot,
    Step,
    Visits,
    When,
)
from exchange.prompt import Prompt
from exchange.registration import AcceptOffer, DeclineOffer, Register, Withdraw
from exchange.state import Cycle

START = datetime(2012, 1, 9, 9, tzinfo=UTC)
KRISTINA, OLGA, ANTTI = "s_kristina", "s_olga", "s_antti"
"""Two coordinators and the director; Kristina has started the cycle."""
HOSTS = ("helsinki", "malmo", "oslo", "aarhus")
HOMES = ("kaliningrad", "gusev", "sovetsk")


def day(number: float) -> datetime:
    """The instant so many days after the start."""
    return START + timedelta(days=number)


def on(number: float) -> When:
    """The same, as a plan has it."""
    at = day(number)
    return When(local=at.strftime("%Y-%m-%dT%H:%M:%S"), zone="UTC", at=at)


def approval(**changes: Any) -> Approval:
    return Approval(**{"role": "coordinator", "deputy": "director", "within": timedelta(days=4), **changes})


# -- steps -----------------------------------------------------------------------------------------------------------


def invitations(*people: str, **changes: Any) -> Invitations:
    """Made ready on day 0; reminders on days 8 and 12."""
    said = {"id": "invitations", "prepare": on(0), "registration": "registration", "remind": (on(8), on(12))}
    return Invitations(**{**said, "people": people or ("p_anna", "p_boris", "p_vera"), **changes})


def registration(**changes: Any) -> Registration:
    """Open from day 1 to day 20; three places, offered for three days."""
    return Registration(**{"id": "registration", "opens": on(1), "closes": on(20), "capacity": 3, **changes})


def seminar(**changes: Any) -> Seminar:
    """Announced on day 22, held on day 30, for a thousand."""
    said = {"id": "intro", "announce": on(22), "begins": on(30), "ends": on(30.3), "cents": 1_000_00}
    return Seminar(**{**said, **changes})


def session(speaker: str | None = None, **changes: Any) -> Session:
    return Session(**{"title": {"en": "Talk"}, "begins": on(30), "ends": on(30.1), "speaker": speaker, **changes})


def slot(name: str, begins: float, *hosts: str, lasts: float = 2, cents: Iterable[int] = ()) -> Slot:
    """A stay of two days; hosts in order of rank, each for 100 unless ``cents`` says otherwise."""
    costs = [*cents, *(100_00 for _ in hosts)]
    candidates = tuple(Candidate(host=h, contact=f"p_{h}", cents=c) for h, c in zip(hosts, costs, strict=False))
    return Slot(id=name, begins=on(begins), ends=on(begins + lasts), candidates=candidates)


def visits(*slots: Slot, **changes: Any) -> Visits:
    """Hosts are asked on day 2, reminded after 7 days, silent after 14; the stay is on days 40 to 42."""
    said = {"id": "visits", "prepare": on(2), "slots": slots or (slot("first", 40, "helsinki", "malmo", "oslo"),)}
    return Visits(**{**said, **changes})


def feedback(**changes: Any) -> Feedback:
    """Open from day 61 to day 75; reminders on days 65 and 70."""
    said = {"id": "feedback", "opens": on(61), "closes": on(75), "remind": (on(65), on(70))}
    return Feedback(**{**said, **changes})


def report(**changes: Any) -> Report:
    return Report(**{"id": "report", "due": on(80), **changes})


# -- plans -----------------------------------------------------------------------------------------------------------


def plan(*steps: Step, **changes: Any) -> CyclePlan:
    homes = [Organisation(id=h, name={"en": h.title()}, kind="municipal public library") for h in HOMES]
    hosts = [Organisation(id=h, name={"en": h.title()}, kind="host") for h in HOSTS]
    said: dict[str, Any] = {
        "id": "cycle-kaliningrad-2012-staff", "programme": "kaliningrad", "programme_name": {"en": "Exchange"},
        "theme": "staff", "theme_name": {"en": "Staff competences"}, "year": 2012, "starter": KRISTINA,
        "roles": {"coordinator": (KRISTINA, OLGA), "director": (ANTTI,)}, "organisations": (*homes, *hosts),
    }  # fmt: skip
    return CyclePlan(**{**said, "steps": steps, **changes})


def year(**changes: Any) -> CyclePlan:
    """The three-step theme, with approvals by the coordinator, within a budget of 5,000."""
    agreed = approval()
    steps = (
        invitations(approval=agreed),
        registration(),
        seminar(approval=agreed, sessions=(session("p_speaker"),)),
        visits(
            slot("first", 40, "helsinki", "malmo", "oslo"),
            slot("second", 43, "malmo", "helsinki"),
            slot("third", 46, "oslo", "aarhus"),
            approval=agreed,
        ),
        seminar(id="final", form="final", announce=on(50), begins=on(60), ends=on(60.3), approval=agreed),
        feedback(),
        report(approval=agreed),
    )
    return plan(*steps, **{"budget": Budget(cap=5_000_00), **changes})


# -- states ----------------------------------------------------------------------------------------------------------


def after(cycle: Cycle, *commands: Command) -> Cycle:
    """The state after the commands."""
    for command in commands:
        cycle = fold(cycle, decide(cycle, command))
    return cycle


def facts(cycle: Cycle, *events: Event) -> Cycle:
    """The state after the events."""
    return fold(cycle, events)


def begun(*steps: Step, **changes: Any) -> Cycle:
    """A cycle of which nothing has happened yet."""
    return begin(plan(*steps, **changes))


def passed(cycle: Cycle, days: float) -> Cycle:
    """The state when time has gone on to that day, with letters made ready at once and nobody answering anything."""
    while (entries := due(cycle)) and entries[0].at <= day(days):
        cycle = prepared(after(cycle, at_last(entries[0], entries[0].at)), entries[0].at)
    return cycle


def prepared(cycle: Cycle, at: datetime) -> Cycle:
    """The state when all that is being made ready lies ready."""
    while being := [s for s, state in cycle.approvals.items() if state.stage == "preparing"]:
        revision = cycle.approvals[being[0]].revision
        digest = f"{being[0]}-{revision}"
        done = RecordPrepared(at=at, actor=PLAN, step=being[0], revision=revision, digest=digest, letters=3)
        cycle = after(cycle, done)
    return cycle


def approved(cycle: Cycle, step: str, at: datetime, actor: str = OLGA) -> Cycle:
    """The state when the step's approval, which waits, is given."""
    return after(cycle, approve(waiting_for(cycle, step), at=at, actor=actor))


def waiting_for(cycle: Cycle, subject: str) -> Prompt:
    """The newest prompt that waits about that step or slot."""
    return next(p for p in reversed(cycle.prompts.values()) if subject in {p.step, p.subject, p.id})


def desk(*people: str, **changes: Any) -> Cycle:
    """An open desk on day 2, at which those people have asked for a place; a seminar follows."""
    cycle = passed(begun(registration(**changes), seminar()), 2)
    return after(cycle, *(register(person) for person in people))


def journey(*slots: Slot, days: float = 2, **changes: Any) -> Cycle:
    """Visits that need nobody's approval, whose first hosts were asked on day 2; a seminar follows."""
    final = seminar(id="final", form="final", announce=on(50), begins=on(60), ends=on(60.3))
    return passed(begun(visits(*slots, **changes), final), days)


REGISTERS, ANSWERS = day(2), day(3)
"""When people ask for a place, and when they say something later, unless a test says otherwise."""


# -- commands --------------------------------------------------------------------------------------------------------


def register(person: str, home: str = "", at: datetime = REGISTERS, **more: Any) -> Register:
    return Register(at=at, actor=person, person=person, home=home, **more)


def withdraw(person: str, at: datetime = ANSWERS) -> Withdraw:
    return Withdraw(at=at, actor=person, person=person)


def accept(person: str, at: datetime = ANSWERS) -> AcceptOffer:
    return AcceptOffer(at=at, actor=person, person=person)


def decline(person: str, at: datetime = ANSWERS) -> DeclineOffer:
    return DeclineOffer(at=at, actor=person, person=person)


def approve(prompt: Prompt, at: datetime, actor: str = OLGA) -> Approve:
    return Approve(at=at, actor=actor, prompt=prompt.id, digest=prompt.digest)


def answer(host: str, answer: str, at: datetime = ANSWERS, **more: Any) -> AnswerAsHost:
    return AnswerAsHost.model_validate({"at": at, "actor": f"p_{host}", "host": host, "answer": answer, **more})


def time(kind: type[Command], at: datetime, **fields: Any) -> Command:
    """What time asks for."""
    return kind.model_validate({"at": at, "actor": TIME, **fields})
