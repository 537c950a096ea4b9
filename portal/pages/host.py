"""A host: is asked for a visit, says yes, no or when else, sees who comes, and tells afterwards how it went.

Everything is about one visit and one library, which stand in the link. What a host says is decided as what the terminal
notes down for it; a date moves only when staff move it.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from exchange.base import Command
from exchange.booking import AnswerAsHost
from exchange.host_feedback import GiveHostFeedback
from letters.calendar import calendar_of
from portal.answers import take
from portal.doors import Door, Guest
from portal.faults import NotHere
from portal.forms import Form
from portal.look import page
from portal.pages.host_facts import visit_of
from portal.pages.host_forms import dates_form, dates_of, feedback_form, reason_form
from portal.seen import SEEN, seen
from portal.shown.host import HostVisit
from portal.threads import asked

VISIT, DATES, NO, FEEDBACK = (f"host/{name}.jinja" for name in ("visit", "dates", "no", "feedback"))


def show(request: Request, guest: Guest) -> Response:
    """The visit, and what can be answered."""
    return _shown(request, guest, visit_of(guest))


def _shown(
    request: Request, guest: Guest, visit: HostVisit, status: int = 200, *,
    template: str = VISIT, form: Form | None = None, refused: str = "", kept: str = "",
) -> Response:  # fmt: skip
    more = {"form": form or Form(guest.words, []), "refused": refused, "kept": kept, "here": guest.here}
    return page(request, template, status, visit=visit, **more, **{SEEN: visit.stamp})


# -- yes ---------------------------------------------------------------------------------------------------------------


async def say_yes(request: Request, guest: Guest) -> Response:
    """Receives the group at the time that the page showed; or takes back the wish to move it."""
    visit = await asked(visit_of, guest)
    if request.state.form.word("dates") != visit.dates:
        moved = guest.words.gettext("The visit has moved meanwhile. Please look at its new time, and answer once more.")
        return _shown(request, guest, visit, 409, refused=moved)
    return await _answered(request, guest, visit, _answer(guest, visit, "confirm"))


# -- other dates -------------------------------------------------------------------------------------------------------


def ask_dates(request: Request, guest: Guest) -> Response:
    """The page on which other dates are suggested."""
    visit = visit_of(guest)
    if not (visit.answerable or (visit.stands and not visit.begun)):
        return RedirectResponse(guest.here, 303)
    return _shown(request, guest, visit, template=DATES, form=dates_form(guest.words, visit.slot))


async def suggest_dates(request: Request, guest: Guest) -> Response:
    """Suggests other dates; of a visit that is confirmed, asks to move it."""
    visit = await asked(visit_of, guest)
    form = dates_form(guest.words, visit.slot).read(request.state.form)
    span = dates_of(form, visit, guest.plan, guest.house.now())
    if span is None:
        return _shown(request, guest, visit, 422, template=DATES, form=form)
    wish = _answer(guest, visit, "propose", begins=span[0], ends=span[1])
    return await _answered(request, guest, visit, wish, template=DATES, form=form)


# -- no ----------------------------------------------------------------------------------------------------------------


def ask_no(request: Request, guest: Guest) -> Response:
    """The page on which the host says no."""
    visit = visit_of(guest)
    if not (visit.answerable or visit.stands):
        return RedirectResponse(guest.here, 303)
    return _shown(request, guest, visit, template=NO, form=reason_form(guest.words))


async def say_no(request: Request, guest: Guest) -> Response:
    """Says no, perhaps with a reason; also after a yes."""
    visit = await asked(visit_of, guest)
    form = reason_form(guest.words).read(request.state.form)
    if form.errors:
        return _shown(request, guest, visit, 422, template=NO, form=form)
    return await _answered(request, guest, visit, _answer(guest, visit, "decline"), template=NO, form=form)


# -- afterwards --------------------------------------------------------------------------------------------------------


def ask_feedback(request: Request, guest: Guest) -> Response:
    """How the visit went: three questions, and what was answered before."""
    visit = visit_of(guest)
    if visit.stage != "visited":
        return _shown(request, guest, visit)
    return _shown(request, guest, visit, template=FEEDBACK, form=feedback_form(guest.words, visit))


async def give_feedback(request: Request, guest: Guest) -> Response:
    """Tells how it went; what was told before is replaced."""
    visit = await asked(visit_of, guest)
    form = feedback_form(guest.words, visit).read(request.state.form)
    if form.errors:
        return _shown(request, guest, visit, 422, template=FEEDBACK, form=form)
    about = {"host": visit.host, "step": visit.step.id, "slot": visit.slot.id, "rating": form.word("rating")}
    wish = GiveHostFeedback.model_validate({**_signed(guest), **about})
    words = {"gained": form.word("gained"), "better": form.word("better")}
    became = await take(guest, wish, seen=seen(request), words=words)
    visit = await asked(visit_of, guest)
    if became.became == "refused":
        return _shown(request, guest, visit, 409, template=FEEDBACK, form=form, refused=became.sentence)
    kept = guest.words.gettext("Thank you. You can change your answers here until the cycle is over.")
    return _shown(request, guest, visit, template=FEEDBACK, form=form, kept=kept)


# -- the calendar ------------------------------------------------------------------------------------------------------


def calendar(request: Request, guest: Guest) -> Response:  # noqa: ARG001 - a door's handler gets it
    """The visit as a file for a calendar, while it stands."""
    visit = visit_of(guest)
    if not visit.entries:
        raise NotHere
    data = calendar_of(visit.scene, visit.entries, guest.house.now())
    headers = {"content-disposition": 'attachment; filename="kierros.ics"'}
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


# -- the way of an answer ----------------------------------------------------------------------------------------------


def _signed(guest: Guest) -> dict[str, Any]:
    return {"at": guest.house.now(), "actor": guest.link.ref}


def _answer(guest: Guest, visit: HostVisit, answer: str, **more: Any) -> AnswerAsHost:
    said = {**_signed(guest), "host": visit.host, "slot": visit.slot.id, "answer": answer, **more}
    return AnswerAsHost.model_validate(said)


async def _answered(
    request: Request, guest: Guest, visit: HostVisit, wish: Command, *, template: str = VISIT, form: Form | None = None
) -> Response:
    """Takes the answer. One that is refused is told where it was given, with what was typed."""
    words = {"reason": form.word("reason")} if form is not None else {}
    became = await take(guest, wish, seen=seen(request), words=words)
    if became.became == "accepted":
        return RedirectResponse(guest.here, 303)
    visit = await asked(visit_of, guest)
    if became.became == "taken":
        return _shown(request, guest, visit, kept=became.sentence)
    return _shown(request, guest, visit, 409, template=template, form=form, refused=became.sentence)


_FEEDBACK = Door(ask_feedback, give_feedback)
doors = {
    "host": {
        "": Door(show),
        "yes": Door(show, say_yes),
        "dates": Door(ask_dates, suggest_dates),
        "no": Door(ask_no, say_no),
        "feedback": _FEEDBACK,
        "calendar.ics": Door(calendar),
    },
    "host_feedback": {"": _FEEDBACK},
}
