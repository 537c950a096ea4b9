"""What people told as they registered, for those of the staff who look after the group.

To read it is a deed: the page that is opened says what there is and who has read it before, and shows no answer. Only
the button shows them, and each time is noted in the security log (GET changes nothing, so it could not be noted there).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.faults import Turned
from portal.forms import Field, Form
from portal.pages.staff_people import person_of, person_page
from portal.shown.staff_needs import SHOWN, events_of, looks_of
from portal.staff import Case, Colleague, signed_in, staff_page
from telling.told import lessons, may_read, questions, sheets


def _form(case: Case) -> Form:
    """For which event the list is, and whether it is for somebody who need not know names."""
    say = case.words.gettext
    events = Field(
        "event", say("For which event?"), kind="select", options=events_of(case.state, case.names), required=False
    )
    nameless = [("yes", say("Without names, e.g. for whoever cooks"))]
    return Form(
        case.words, [events, Field("nameless", say("Names"), kind="checkboxes", options=nameless, required=False)]
    )


@signed_in
def needs(request: Request, who: Colleague) -> Response:
    """What is asked, who may read it, and who has read it before; no answer."""
    case = who.case(request.path_params["cycle"])
    return _page(request, case, _form(case))


@signed_in
def read(request: Request, who: Colleague) -> Response:
    """The answers of those who have a place, question by question."""
    case = who.case(request.path_params["cycle"])
    form = _form(case).read(request.state.form)
    if form.errors:
        return _page(request, case, form, status=422)
    told = _told(case)
    shown = sheets(case.state, case.names, told, case.state.group())
    return _page(
        request, case, form, sheets=shown, event=dict(events_of(case.state, case.names)).get(form.word("event"), "")
    )


def _told(case: Case, person: str = "") -> dict[str, dict[str, str]]:
    """What was told; that it is read is noted.

    Raises:
        Turned: it is not for whoever has signed in.
    """
    if not may_read(case.state, case.who.ref):
        raise Turned(403)
    case.who.house.store.demand_session(case.who.session, case.who.house.now())
    house = case.who.house
    return house.store.read_needs(case.id, door="portal", staff=case.who.ref, person=person, at=house.now())


def _page(request: Request, case: Case, form: Form, status: int = 200, **shown: Any) -> Response:
    who, store = case.who, case.who.house.store
    looks = looks_of(store.security_log(what=("needs_read",), cycle=case.id, most=SHOWN), case.names)
    return staff_page(
        request, who, "needs.jinja", status, case=case, form=form, asked=questions(case.state.plan), looks=looks,
        mine=may_read(case.state, who.ref), **{"event": ""} | shown,
    )  # fmt: skip


@signed_in
def of_person(request: Request, who: Colleague) -> Response:
    """What one person told, on her page."""
    case = who.case(request.path_params["cycle"])
    her = person_of(request, case)
    told = [one for one in sheets(case.state, case.names, _told(case, her.ref), [her.ref]) if one.answers]
    return person_page(request, case, her, told=told)


@signed_in
def back(request: Request, who: Colleague) -> Response:
    """Whoever loads the page of the answers again is led to where they can be read."""
    case = who.case(request.path_params["cycle"])
    return RedirectResponse(f"{case.here}/people/{person_of(request, case).ref}", 303)


@signed_in
def learned(request: Request, who: Colleague) -> Response:
    """What participants learned, and from whom: signed."""
    case = who.case(request.path_params["cycle"])
    found = lessons(case.state, case.names, who.house.store.told_by_all(case.id, "learned"))
    return staff_page(request, who, "learned.jinja", case=case, lessons=found)


routes = [
    Route("/staff/cycles/{cycle}/learned", learned, methods=["GET"]),
    Route("/staff/cycles/{cycle}/needs", needs, methods=["GET"]),
    Route("/staff/cycles/{cycle}/needs", read, methods=["POST"]),
    Route("/staff/cycles/{cycle}/people/{person}/needs", back, methods=["GET"]),
    Route("/staff/cycles/{cycle}/people/{person}/needs", of_person, methods=["POST"]),
]
