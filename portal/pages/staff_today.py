"""Today: what waits for whom, the next 14 days, what is wrong, and all open cycles."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.shown.staff_today import by_day, coming_in, horizon, waiting_in, wrong_of
from portal.staff import Case, Colleague, signed_in, staff_page
from workers.trouble import of_cycle, of_the_record

ENDED = 20
"""So many cycles that have ended are named."""


@signed_in
def today(request: Request, who: Colleague) -> Response:
    """The desk as it is now."""
    now, store = who.house.now(), who.house.store
    cases, newer = who.cases()
    waiting = [(case, one) for case in cases for one in waiting_in(case.state, case.names, who.ref, now)]
    waiting.sort(key=lambda pair: (pair[1].paused, pair[1].due_at))
    dates = [one for case in cases for one in coming_in(case.state, case.names, case.theme, horizon(now))]
    known = {case.id: case for case in cases}
    troubles = [*of_the_record(store), *newer, *(it for case in cases for it in of_cycle(store, case.state, now))]
    wrong = [
        wrong_of(who.words, it, case.names if (case := known.get(it.cycle)) else None, case.theme if case else it.cycle)
        for it in troubles
    ]
    return staff_page(
        request, who, "today.jinja",
        mine=[pair for pair in waiting if pair[1].mine], others=[pair for pair in waiting if not pair[1].mine],
        ahead=by_day(dates), wrong=wrong, cases=[_card(case) for case in cases], several=len(cases) > 1,
        day=who.words.weekday(now), ended=[row for row in store.cycles() if not row.open][:ENDED],
    )  # fmt: skip


def _card(case: Case) -> dict[str, object]:
    """An open cycle in a few words."""
    current = case.state.current
    return {
        "case": case,
        "step": case.names.step(current) if current else "",
        "people": case.names.people(case.row.registered),
        "still": case.state.standstill is not None,
    }


routes = [Route("/staff", today)]
