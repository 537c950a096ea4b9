"""Indicators of process and of outcome. Source: seeds 002 ("measuring the process as well as outcomes")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from activities.account.model import Account
from activities.account.running import Indicator, Measures, Post
from activities.account.sources import Sources, middle
from exchange.booking import HostReminded
from exchange.feedback import SurveyReminded
from exchange.invitation import InvitationDeclined, InvitationsSent, InvitedReminded
from exchange.registration import DelegateRegistered, DelegateWaitlisted

_STATES = {
    "sent": "sent", "failed": "failed", "suspect": "uncertain", "dropped": "dropped",
    "held": "waiting", "queued": "waiting", "sending": "waiting", "overdue": "waiting",
}  # fmt: skip


def post(sources: Sources) -> Post:
    """What became of the letters."""
    totals: dict[str, Any] = {}
    kinds: dict[str, int] = {}
    for letters in sources.letters:
        key = _STATES[letters.state]
        totals[key] = totals.get(key, 0) + letters.count
        if key == "sent":
            kinds[letters.kind] = kinds.get(letters.kind, 0) + letters.count
    return Post(**totals, by_kind=dict(sorted(kinds.items())))


def measures(sources: Sources, account: Account) -> Measures:
    """The indicators, from the journal and from the chapters drawn up before."""
    return Measures(process=_process(sources, account), outcome=_outcome(account))


def _process(sources: Sources, account: Account) -> tuple[Indicator, ...]:
    asked = [len(stay.tries) for stay in account.stays if stay.tries]
    answered = [each.days for stay in account.stays for each in stay.tries if each.days is not None]
    decided = [d.days for d in account.decisions if d.days is not None and d.role]
    letters = account.post
    return (
        Indicator(id="answer_days", value=middle(_answer_days(sources)), unit="days"),
        Indicator(id="host_answer_days", value=middle(answered), unit="days"),
        Indicator(id="decision_days", value=middle(decided), unit="days"),
        Indicator(id="hosts_per_visit", value=_mean(asked), unit="hosts"),
        Indicator(id="reminders", value=_reminders(sources), unit="letters"),
        Indicator(id="letters_sent", value=letters.sent, unit="letters"),
        Indicator(id="letters_failed", value=letters.failed, of=letters.sent + letters.failed, unit="letters"),
    )


def _answer_days(sources: Sources) -> list[float]:
    """For everyone invited who answered: the days from the invitation to the first answer."""
    guests = {step.id: step.people for step in sources.cycle.invitations()}
    sent = {person: e.at for e in reversed(sources.events(InvitationsSent)) for person in guests[e.step]}
    first: dict[str, float] = {}
    for event in sources.journal:
        if isinstance(event, DelegateRegistered | DelegateWaitlisted | InvitationDeclined):
            for person in filter(None, (event.person, getattr(event, "instead_of", ""))):
                since = sent.get(person)
                if since is not None and event.at >= since:
                    first.setdefault(person, sources.days(since, event.at))
    return list(first.values())


def _reminders(sources: Sources) -> int:
    """Letters that reminded somebody of an answer: the invited, the participants, the hosts."""
    invited = sum(event.count for event in sources.events(InvitedReminded))
    asked = sum(event.count for event in sources.events(SurveyReminded))
    return invited + asked + len(sources.events(HostReminded))


def _outcome(account: Account) -> tuple[Indicator, ...]:
    seminars = [m for m in account.meetings if m.outcome == "held"]
    visits = [s for s in account.stays if s.outcome == "held"]
    people = account.company
    noted = [m for m in seminars if m.present is not None]
    present, there = sum(m.present or 0 for m in noted), sum((m.present or 0) + (m.absent or 0) for m in noted)
    asked, given = sum(s.asked for s in account.surveys), sum(s.given for s in account.surveys)
    return (
        Indicator(id="participants", value=people.took_part, of=_places(account), unit="people"),
        Indicator(id="libraries", value=sum(bool(g.id) for g in people.by_library), unit="libraries"),
        Indicator(id="countries", value=len(_countries(account)), unit="countries"),
        Indicator(id="seminars", value=len(seminars), of=len(account.meetings), unit="seminars"),
        Indicator(id="visits", value=len(visits), of=len(account.stays), unit="visits"),
        Indicator(id="attendance", value=_share(present, there), unit="share"),
        Indicator(id="response", value=_share(given, asked), unit="share"),
        *_medians(account),
    )


def _medians(account: Account) -> list[Indicator]:
    return [
        Indicator(id="median", value=question.median, of=5, unit="scale", about=question.text)
        for survey in account.surveys
        for question in survey.questions
        if question.form == "scale"
    ]


def _countries(account: Account) -> set[str]:
    """Countries that people came from or went to."""
    homes = {group.country for group in account.company.by_library}
    return (homes | {stay.country for stay in account.stays if stay.outcome == "held"}) - {""}


def _places(account: Account) -> int | None:
    return sum(desk.capacity for desk in account.desks) or None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _mean(values: Sequence[int]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None
