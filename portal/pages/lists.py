"""Who was there: a page with a box for each of the group, and a list to print and take along."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.plan import Seminar
from exchange.seminar import RecordAttendance
from portal.acting import ONCE, NotDone, decide_all, ended, once
from portal.deeds import signed
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.staff import Case, Colleague, signed_in, staff_page


@dataclass(frozen=True)
class Roll:
    """The group at one seminar."""

    case: Case
    step: Seminar

    @property
    def here(self) -> str:
        return f"{self.case.here}/attendance/{self.step.id}"

    @property
    def title(self) -> str:
        return self.case.names.step(self.step.id)

    @property
    def when(self) -> str:
        return self.case.names.span(self.step.begins, self.step.ends)

    @property
    def begun(self) -> bool:
        return self.step.begins.at <= self.case.who.house.now()

    @property
    def noted(self) -> dict[str, bool]:
        """Who was there, and who was not, as it stands."""
        book = self.case.state.gathering(self.step.id).attendance
        return {ref: there for ref in self.case.state.group() if (there := book.get(ref)) is not None}

    @property
    def people(self) -> list[tuple[str, str, str]]:
        """Reference, name and library of everybody with a place, by the name."""
        case, known = self.case, self.case.who.house.store.get_people(self.case.state.group())
        rows = [(ref, case.names.who(ref), case.names.host(known[ref].home)) for ref in known]
        return sorted(rows, key=lambda row: row[1].casefold())

    def form(self) -> Form:
        say, there = self.case.words.gettext, [ref for ref, present in self.noted.items() if present]
        options = [(ref, f"{name}, {home}" if home else name) for ref, name, home in self.people]
        rest = [("absent", say("They were not there")), ("open", say("Nothing is noted about them yet"))]
        return Form(self.case.words, [
            Field("there", say("Who was there"), kind="checkboxes", required=False, options=options, value=there),
            Field("rest", say("And those without a mark?"), kind="radios", options=rest),
        ])  # fmt: skip

    def wishes(self, form: Form) -> list[RecordAttendance]:
        """What is new in what was ticked; people in the order of the page."""
        there, noted = set(form.chosen("there")), self.noted
        found = {ref: ref in there for ref, _, _ in self.people if ref in there or form.word("rest") == "absent"}
        about = signed(self.case)
        return [
            RecordAttendance(**about, step=self.step.id, person=ref, present=present)
            for ref, present in found.items()
            if noted.get(ref) != present
        ]


def _roll(request: Request, who: Colleague) -> Roll:
    """The seminar of the path.

    Raises:
        NotHere: the cycle has none of that id.
    """
    case = who.case(request.path_params["cycle"])
    wanted = request.path_params["step"]
    step = next((one for one in case.state.seminars() if one.id == wanted), None)
    if step is None:
        raise NotHere
    return Roll(case, step)


@signed_in
def seminars(request: Request, who: Colleague) -> Response:
    """The seminars of the cycle."""
    case = who.case(request.path_params["cycle"])
    rolls = [Roll(case, step) for step in case.state.seminars()]
    return staff_page(request, who, "lists/seminars.jinja", case=case, rolls=rolls)


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The boxes."""
    roll = _roll(request, who)
    return _page(request, roll, roll.form(), ended(roll.case))


def _page(request: Request, roll: Roll, form: Form, said: NotDone | None = None) -> Response:
    status = said.status if said else 422 if form.errors else 200
    done = request.query_params.get("done") == "1"
    return staff_page(request, roll.case.who, "lists/attendance.jinja", status, case=roll.case, roll=roll, form=form,
                      said=said, done=done)  # fmt: skip


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows whom it concerns; from that page, notes it."""
    roll, typed = _roll(request, who), request.state.form
    form = roll.form().read(typed)
    if form.errors or typed.word("deed") == "change":
        form.errors = {} if typed.word("deed") == "change" else form.errors
        return _page(request, roll, form)
    wishes = roll.wishes(form)
    try:
        if typed.word("deed") != "act":
            return _look(request, roll, form, wishes)
        decide_all(roll.case, wishes, typed.word(ONCE))
    except NotDone as no:
        return _page(request, roll, form, no)
    return RedirectResponse(f"{roll.here}?done=1", 303)


def _look(request: Request, roll: Roll, form: Form, wishes: list[RecordAttendance]) -> Response:
    there, absent = ([roll.case.names.who(w.person) for w in wishes if w.present is it] for it in (True, False))
    decide_all(roll.case, wishes, "", ask_only=True)
    return staff_page(
        request, roll.case.who, "lists/look.jinja", case=roll.case, roll=roll, mark=once(),
        there=there, absent=absent,
        hidden=[*(("there", ref) for ref in form.chosen("there")), ("rest", form.word("rest"))],
    )  # fmt: skip


@signed_in
def printed(request: Request, who: Colleague) -> Response:
    """The list to take along: a box and room for a signature beside each name."""
    roll = _roll(request, who)
    return staff_page(request, who, "lists/printed.jinja", case=roll.case, roll=roll)


CYCLE = "/staff/cycles/{cycle}"
routes = [
    Route(f"{CYCLE}/attendance", seminars, methods=["GET"]),
    Route(f"{CYCLE}/attendance/{{step}}", show, methods=["GET"]),
    Route(f"{CYCLE}/attendance/{{step}}", act, methods=["POST"]),
    Route(f"{CYCLE}/attendance/{{step}}/list", printed, methods=["GET"]),
]
