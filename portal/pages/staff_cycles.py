"""A cycle on the desk: its board, its year, its history, and its report."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.faults import NotHere
from portal.pages.staff_deeds import done, groups
from portal.pages.staff_deeds_cycle import without_deputy
from portal.papers import download, paper
from portal.shown.public import CyclePage
from portal.shown.staff_board import Board, year_of
from portal.shown.staff_today import by_day, coming_in, horizon, waiting_in, wrong_of
from portal.staff import Case, Colleague, signed_in, staff_page
from telling.names import titled
from telling.sentences import letters_in, sentence, texts_of
from telling.told import questions
from workers.trouble import of_cycle

NOTES = 3
EVENTS = 100
"""So many lines of the history stand on one page."""


@signed_in
def board(request: Request, who: Colleague) -> Response:
    """Where the cycle stands: who is where, what waits, the visits, the money, what to do."""
    case, now = who.case(request.path_params["cycle"]), who.house.now()
    store = who.house.store
    report = store.report(case.id)
    troubles = of_cycle(store, case.state, now) if case.row.open else ()
    return staff_page(
        request, who, "board.jinja", case=case, board=Board(case.state, case.names),
        steps=CyclePage(case.words, case.row, case.state, report, now).steps,
        waiting=waiting_in(case.state, case.names, who.ref, now),
        wrong=[wrong_of(case.words, it, case.names, "") for it in troubles],
        ahead=by_day(coming_in(case.state, case.names, case.theme, horizon(now))),
        notes=_told(case, _journal(case, ("NoteTaken",))[-NOTES:]), report=report is not None,
        ui_link=_temporal(case), groups=groups(case), done=done(case, request.query_params.get("done", "")),
        alone=without_deputy(case) if request.query_params.get("done") == "handover" else [],
        asks=bool(questions(case.state.plan)),
    )  # fmt: skip


def _temporal(case: Case) -> str:
    """The cycle's page in Temporal's UI, where a running `kierros up` has said where that is."""
    if not case.who.house.embedded:
        return ""
    try:
        ui = json.loads(case.who.house.settings.stack_file.read_text())["ui"]
    except (OSError, ValueError, KeyError):
        return ""
    return f"{ui}/namespaces/default/workflows/{case.id}"


@signed_in
def history(request: Request, who: Colleague) -> Response:
    """What happened, the newest first, a page at a time."""
    case = who.case(request.path_params["cycle"])
    entries = _journal(case)
    pages = max(1, -(-len(entries) // EVENTS))
    asked = request.query_params.get("page", "1")
    number = min(max(1, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1), pages)
    newest = list(reversed(entries))[(number - 1) * EVENTS : number * EVENTS]
    return staff_page(request, who, "history.jinja", case=case, lines=_told(case, newest), number=number, pages=pages)


def _journal(case: Case, kinds: tuple[str, ...] = ()) -> list[Any]:
    return case.who.house.store.journal(case.id, kinds=kinds)


def _told(case: Case, entries: list[Any]) -> list[tuple[str, str]]:
    """When it was, and what happened."""
    events = [entry.event for entry in entries]
    written = letters_in(events)
    names = titled(case.naming([*(text for event in events for text in texts_of(event)), *written.values()]), written)
    return [(names.moment(event.at), sentence(event, names)) for event in events]


@signed_in
def year(request: Request, who: Colleague) -> Response:
    """The year as a calendar."""
    case = who.case(request.path_params["cycle"])
    return staff_page(request, who, "year.jinja", case=case, months=year_of(case.state, case.names))


@signed_in
def report(request: Request, who: Colleague) -> Response:
    """The report, as it was filed or as it was last drawn up."""
    case = who.case(request.path_params["cycle"])
    found = who.house.store.report(case.id)
    if found is None:
        raise NotHere
    return paper(found.html)


@signed_in
def report_file(request: Request, who: Colleague) -> Response:
    """The same as a file, to be kept or sent on."""
    case = who.case(request.path_params["cycle"])
    found = who.house.store.report(case.id)
    if found is None:
        raise NotHere
    return download(found.html.encode(), "text/html; charset=utf-8", f"{case.id}-report.html")


@signed_in
def found(_request: Request, _who: Colleague) -> Response:
    """All cycles are listed on the page of today."""
    return RedirectResponse("/staff", 303)


routes = [
    Route("/staff/cycles", found, methods=["GET"]),
    Route("/staff/cycles/{cycle}", board, methods=["GET"]),
    Route("/staff/cycles/{cycle}/history", history, methods=["GET"]),
    Route("/staff/cycles/{cycle}/year", year, methods=["GET"]),
    Route("/staff/cycles/{cycle}/report", report, methods=["GET"]),
    Route("/staff/cycles/{cycle}/report.html", report_file, methods=["GET"]),
]
