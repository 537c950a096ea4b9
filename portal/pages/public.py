"""What everybody may read: the cycles, each cycle's page and report, and how we treat data and readers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from exchange.plan import CyclePlan
from portal.faults import NotHere
from portal.house import house
from portal.look import page
from portal.papers import paper
from portal.shown.public import CyclePage
from portal.speech import PageWords, words_of
from runtime.settings import Settings
from store.faults import NoSuchCycle
from store.models import CycleRow


def home(request: Request) -> Response:
    """All cycles, those that run first."""
    words = words_of(request)
    rows = [row for row in house(request).store.cycles() if _public(request, row)]
    running = [_card(words, row) for row in rows if row.open]
    past = [_card(words, row) for row in rows if row.phase == "finished"]
    return page(request, "public/home.jinja", running=running, past=past)


def _public(request: Request, row: CycleRow) -> bool:
    """A practice run is nobody's business but that of whoever practises on this computer."""
    return not row.practice or house(request).embedded


def _card(words: PageWords, row: CycleRow) -> dict[str, Any]:
    return {"row": row, "theme": words.pick(row.theme_name)}


def _cycle(request: Request) -> tuple[CycleRow, CyclePlan]:
    """The cycle that the path names.

    Raises:
        NotHere: there is none that everybody may see.
    """
    here, named = house(request), request.path_params["cycle"]
    try:
        row, plan = here.store.cycle(named), here.store.get_plan(named)
    except NoSuchCycle:
        raise NotHere from None
    if not _public(request, row):
        raise NotHere
    return row, plan


def cycle(request: Request) -> Response:
    """A cycle: its theme, dates, hosts that have agreed, and the report once it is filed."""
    row, plan = _cycle(request)
    words = words_of(request, fallbacks=tuple(plan.languages))
    here = house(request)
    shown = CyclePage(words, row, here.states.of(row.id), here.store.report(row.id), here.now())
    return page(request, "public/cycle.jinja", shown=shown)


def report(request: Request) -> Response:
    """The report as it was filed: it names libraries and no participant."""
    row, _ = _cycle(request)
    found = house(request).store.report(row.id)
    if found is None or found.filed_at is None:
        raise NotHere
    return paper(found.html)


def privacy(request: Request) -> Response:
    """What is kept, why, how long, and what one may ask: in general."""
    return _privacy(request, purpose="", months=0, answers_for="", theme="")


def privacy_of_cycle(request: Request) -> Response:
    """The same for one cycle, by its plan."""
    row, plan = _cycle(request)
    words = words_of(request, fallbacks=tuple(plan.languages))
    said = plan.privacy
    return _privacy(
        request,
        purpose=words.pick(said.purpose),
        months=said.keep_months or 0,
        answers_for=words.pick(said.answers_for),
        theme=words.pick(row.theme_name),
    )


def _privacy(request: Request, **said: Any) -> Response:
    return page(request, "public/privacy.jinja", contact=contact(house(request).settings), **said)


def contact(settings: Settings) -> str:
    """The address that somebody reads; empty where none has been set yet."""
    address = settings.sender_address
    return "" if address.endswith(".example") and settings.transport == "mailbox" else address


def accessibility(request: Request) -> Response:
    """The accessibility statement."""
    return page(request, "public/accessibility.jinja", contact=contact(house(request).settings))


routes = [
    Route("/", home),
    Route("/c/{cycle}", cycle),
    Route("/c/{cycle}/report", report),
    Route("/c/{cycle}/privacy", privacy_of_cycle),
    Route("/privacy", privacy),
    Route("/accessibility", accessibility),
]
