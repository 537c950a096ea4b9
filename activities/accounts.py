"""The account a cycle gives of itself to funders and partners: from state and journal to the report's data. Pure.

The same state, journal, answers and letters always make the same account, to the byte: its digest is what is approved.
"""

from __future__ import annotations

from activities.account import answers, calendar, decisions, measures, meetings, money, people, stays
from activities.account.basis import Span
from activities.account.model import Account
from activities.account.sources import Letters, Sources, span
from exchange.plan import When

__all__ = ["Account", "Letters", "Sources", "draw_up"]


def draw_up(sources: Sources, step: str, revision: int = 1) -> Account:
    """The account as it is to be filed under the report step ``step``.

    Args:
        sources: what it is made of; nothing else is asked.
        step: the id of the report step.
        revision: which version of the report it is, from 1.
    """
    cycle, plan = sources.cycle, sources.cycle.plan
    account = Account(
        cycle=plan.id,
        step=step,
        revision=revision,
        programme=sources.words(plan.programme_name),
        theme=sources.words(plan.theme_name),
        year=plan.year,
        language=plan.languages[0] if plan.languages else "en",
        practice=plan.practice,
        phase=cycle.phase,
        ended_at=cycle.ended_at,
        events=cycle.position,
        when=_when(sources),
        places=_places(sources),
        company=people.company(sources),
        funnel=people.funnel(sources),
        desks=people.desks(sources),
        meetings=meetings.meetings(sources),
        stays=stays.stays(sources),
        surveys=answers.surveys(sources),
        calendar=calendar.calendar(sources),
        money=money.money(sources),
        decisions=decisions.decisions(sources),
        post=measures.post(sources),
        masked=answers.struck(sources),
    )
    return account.model_copy(update={"measures": measures.measures(sources, account)})


def _when(sources: Sources) -> Span | None:
    """From the first gathering or stay that was held to the last, as the plan dates them; else of all it has."""
    cycle = sources.cycle
    spans: list[tuple[When, When, str]] = [(s.begins, s.ends, cycle.gathering(s.id).stage) for s in cycle.seminars()]
    spans += [(s.begins, s.ends, cycle.booking(step.id, s.id).stage) for step in cycle.journeys() for s in step.slots]
    spans = [each for each in spans if each[2] in {"held", "visited"}] or spans
    if not spans:
        return None
    first = min((begins for begins, _, _ in spans), key=lambda when: when.local)
    last = max((ends for _, ends, _ in spans), key=lambda when: when.local)
    return span(first, last)


def _places(sources: Sources) -> tuple[str, ...]:
    """Where something was held: the seminars' places and the hosts' cities, each once."""
    found: list[str] = []
    for step in sources.cycle.plan.steps:
        if step.kind == "seminar" and sources.cycle.gathering(step.id).stage == "held":
            found.append(_spoken(sources.words(step.place)))
        elif step.kind == "visits":
            hosts = [sources.cycle.booking(step.id, slot.id) for slot in step.slots]
            known = [sources.cycle.plan.organisation(b.host) for b in hosts if b.stage == "visited"]
            found += [host.city for host in known if host]
    return tuple(dict.fromkeys(place for place in found if place))


def _spoken(words: dict[str, str]) -> str:
    return words.get("en") or next(iter(words.values()), "")
