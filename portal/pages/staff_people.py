"""The people of a cycle, where each stands, and the letters that each got."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.desk import explained
from portal.acting import NotDone, demand_role
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.shown.staff_people import LETTERS, standing_of
from portal.staff import Case, Colleague, signed_in, staff_page
from store.models import OutboxRow, Person
from telling.told import may_read, questions
from workers.held import opened


@signed_in
def people(request: Request, who: Colleague) -> Response:
    """Everybody whom the cycle knows; with ``?name=`` only those whose name or address has it in it."""
    case = who.case(request.path_params["cycle"])
    wanted = request.query_params.get("name", "").strip()[:100]
    rows = [
        (
            one.ref,
            one.name,
            one.address,
            case.names.host(one.home) if one.home else "",
            standing_of(case.state, case.names, one),
        )
        for one in who.house.store.people(case.id)
        if wanted.casefold() in f"{one.name} {one.address}".casefold()
    ]
    return staff_page(
        request, who, "people.jinja", case=case, rows=sorted(rows, key=lambda row: row[1].casefold()), wanted=wanted
    )


def person_of(request: Request, case: Case) -> Person:
    """The person that the path names.

    Raises:
        NotHere: the cycle knows nobody of that reference.
    """
    ref = request.path_params["person"]
    found = case.who.house.store.get_people([ref]).get(ref)
    if found is None or found.cycle != case.id:
        raise NotHere
    return found


@signed_in
def person(request: Request, who: Colleague) -> Response:
    """Where she stands and why, and her letters."""
    case = who.case(request.path_params["cycle"])
    return person_page(request, case, person_of(request, case))


def person_page(request: Request, case: Case, her: Person, no: NotDone | None = None, **more: Any) -> Response:
    """Her page, perhaps with what she told as she registered, or with why something was not done."""
    who, store = case.who, case.who.house.store
    step, _ = case.state.place(her.ref)
    letters = [_line(case, row) for row in reversed(store.letters(case.id, to_ref=her.ref))]
    return staff_page(
        request, who, "person.jinja", no.status if no else 200, case=case, person=her, no=no,
        home=case.names.host(her.home) if her.home else "",
        language=case.names.language(her.language), standing=standing_of(case.state, case.names, her),
        turn=explained(case.state.plan, case.state.desk(step.id), step, her.ref) if step else None, letters=letters,
        link_form=Form(case.words, [_older(case)]), done=request.query_params.get("done") == "link",
        asks=bool(questions(case.state.plan)), may_read=may_read(case.state, who.ref), **more,
    )  # fmt: skip


def _older(case: Case) -> Field:
    """Whether her older links end."""
    say = case.words.gettext
    ends = [("yes", say("Her older links end: somebody else may have them"))]
    return Field("fresh", say("Older links"), kind="checkboxes", required=False, options=ends)


def _line(case: Case, row: OutboxRow) -> tuple[int, str, str, str]:
    """Number, subject, when, and what became of it."""
    at = row.sent_at or row.not_before
    what = row.subject or row.kind.replace("_", " ")
    return row.id, what, case.names.moment(at), case.words.gettext(LETTERS[row.state])


@signed_in
def send_link(request: Request, who: Colleague) -> Response:
    """Sends her a letter with her links; staff are shown none. Her older links end where that was ticked."""
    case = who.case(request.path_params["cycle"])
    her = person_of(request, case)
    try:
        demand_role(case)
    except NotDone as no:
        return person_page(request, case, her, no=no)
    who.house.store.demand_session(who.session, who.house.now())
    if case.row.open and who.house.address:
        fresh = bool(request.state.form.word("fresh"))
        who.house.store.send_links(case.id, her.ref, fresh=fresh, again=True, now=who.house.now())
    return RedirectResponse(f"{case.here}/people/{her.ref}?done=link", 303)


@signed_in
def letter(request: Request, who: Colleague) -> Response:
    """One letter of hers; its links are not shown."""
    case = who.case(request.path_params["cycle"])
    her, row = person_of(request, case), who.house.store.letter(request.path_params["letter"])
    if row is None or row.cycle != case.id or row.to_ref != her.ref:
        raise NotHere
    state = f"{case.words.gettext(LETTERS[row.state])}, {case.names.moment(row.sent_at or row.not_before)}"
    return staff_page(
        request, who, "letter.jinja", case=case, to=her.name, language=row.language or case.words.language,
        reading=opened(row.data, row.language), back=f"{case.here}/people/{her.ref}", state=state,
    )  # fmt: skip


routes = [
    Route("/staff/cycles/{cycle}/people", people, methods=["GET"]),
    Route("/staff/cycles/{cycle}/people/{person}", person, methods=["GET"]),
    Route("/staff/cycles/{cycle}/people/{person}", send_link, methods=["POST"]),
    Route("/staff/cycles/{cycle}/people/{person}/letters/{letter:int}", letter, methods=["GET"]),
]
