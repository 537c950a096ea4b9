"""Registering a list of people: what becomes of each row is shown first, and then what became of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plans import PeopleList, Person, read_people
from portal.acting import PATIENCE, NotDone, demand_role, no_role
from portal.faults import Turned
from portal.forms import Field, Form
from portal.shown.faults import in_words
from portal.shown.lists import NEW, Foreseen, Line, became, named
from portal.shown.staff_refusals import said_of
from portal.staff import Case, Colleague, signed_in, staff_page
from portal.uploads import Sent, sent
from store.faults import SessionOver
from store.models import Letterbox, Receipt
from workers.entering import enter
from workers.entitled import NoRoleThere
from workers.importing import Desk, NoList, Tally, count_places, made_known, registration, sorted_out

UPLOAD = 6 * 1024 * 1024
LIST = "people.csv"
MOST_LINES = 500
"""So many rows stand on the page; those that are not taken come first."""


def _form(case: Case) -> Form:
    say, desks = case.words.gettext, case.state.desks_in_plan()
    hint = say("CSV or XLSX, with a row of headings: name, address, and perhaps language and library.")
    file = Field("people", say("The people list"), kind="file", hint=hint)
    steps = [(step.id, case.names.step(step.id)) for step in desks]
    which = Field("step", say("Registration"), kind="select", options=steps, value=steps[0][0] if steps else "")
    return Form(case.words, [file, *([which] if len(steps) > 1 else [])])


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The form."""
    case = who.case(request.path_params["cycle"])
    return _page(request, case, _form(case))


def _page(request: Request, case: Case, form: Form, fault: str = "") -> Response:
    said, ours = in_words(case.words, fault)
    return staff_page(
        request,
        case.who,
        "lists/import.jinja",
        422 if form.errors else 200,
        case=case,
        form=form,
        fault=said,
        ours=ours,
    )


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows what becomes of each row; from that page, registers them."""
    case, typed = who.case(request.path_params["cycle"]), request.state.form
    form, list_ = _form(case).read(typed), sent(typed, "people", LIST)
    if typed.word("deed") == "change":
        return _page(request, case, _form(case))
    if list_ is None:
        form.wrong("people", case.words.gettext("Choose the list."))
    if form.errors or list_ is None:
        return _page(request, case, form)
    try:
        demand_role(case)
        return _taken(request, case, form, list_)
    except NotDone as no:
        return _page(request, case, form.wrong("people", no.said))


def _taken(request: Request, case: Case, form: Form, list_: Sent) -> Response:
    """The list that was sent, looked at or registered."""
    found = read_people(list_.data, list_.name, organisations=case.state.plan.organisations)
    try:
        tally, invited = sorted_out(found)
    except NoList as why:
        form.wrong("people", case.words.gettext("This list cannot be taken; why is said below."))
        return _page(request, case, form, str(why))
    if request.state.form.word("deed") != "act":
        foreseen = _foreseen(case, invited, form.word("step"))
        foreseen.told(tally, named(found), case.words)
        return _look(request, case, form, list_, foreseen)
    of_list = {row for row, _ in (*tally.refused, *tally.duplicates)}
    return _done(request, case, found, _handed_in(case, tally, invited, form.word("step")), of_list)


def _foreseen(case: Case, invited: Sequence[Person], step: str) -> Foreseen:
    """What the rules would say of each row; nobody is made known."""
    store = case.who.house.store
    known = {one.address_norm: one.ref for one in store.people(case.id)}
    found = Foreseen(case.state, case.who.house.now(), step)
    for number, person in enumerate(invited):
        found.register(person, known.get(person.address_norm) or NEW.format(number), case.names)
    return found


def _look(request: Request, case: Case, form: Form, list_: Sent, found: Foreseen) -> Response:
    return staff_page(
        request, case.who, "lists/import_look.jinja", case=case, name=list_.name, counts=found.counts,
        lines=_first(found.lines), rest=max(0, len(found.lines) - MOST_LINES),
        letters=case.names.letters(sum(found.letters.values())) if found.letters else "",
        hidden=[*list_.carried("people"), ("step", form.word("step"))],
    )  # fmt: skip


def _first(lines: list[Line]) -> list[Line]:
    """As many as a page holds, in the order of the list; of more, rather those that want a hand."""
    kept = sorted(lines, key=lambda line: ("bad", "quiet", "warn", "good").index(line.kind))[:MOST_LINES]
    return sorted(kept, key=lambda line: line.row)


def _handed_in(case: Case, tally: Tally, invited: Sequence[Person], step: str) -> Tally:
    """Everybody made known and her wish kept, in the list's order; then what was decided."""
    store, now = case.who.house.store, case.who.house.now()

    def kept(items: Sequence[Letterbox]) -> Sequence[Receipt]:
        try:
            receipts = enter(case.who.hand, case.id, items)
        except SessionOver:
            raise Turned(403, "signed_out") from None
        except NoRoleThere as no:
            raise no_role(case, no) from None
        case.who.house.waker.tell(case.id)
        return receipts

    refs = made_known(store, case.id, invited, now)
    items = [registration(case.id, person, ref, step, now) for person, ref in zip(invited, refs, strict=True)]
    rows = [(person.row, ref) for person, ref in zip(invited, refs, strict=True)]
    again = case.words.gettext("It was sent before; nothing was added.")
    desk = Desk(store, case.id, kept, partial(_waited, case), partial(said_of, case.names), again)
    desk.hand_in(tally, rows, items)
    count_places(tally, store, case.id)
    return tally


def _waited(case: Case, number: int) -> bool:
    """Waits for the decision, as long as decisions are being taken."""
    store, seen, until = case.who.house.store, -1, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        reached = store.cycle(case.id).decided_to
        if reached >= number:
            return True
        if reached > seen:
            seen, until = reached, time.monotonic() + PATIENCE
        time.sleep(0.05)
    return False


def _done(request: Request, case: Case, found: PeopleList, tally: Tally, of_list: set[int]) -> Response:
    """What became of each row. Importing the list again adds nothing, so this page may be sent anew."""
    state = case.who.house.store.load(case.id)
    lines = sorted(became(tally, case.names, state, named(found), of_list),
                   key=lambda line: line.row)  # fmt: skip
    counts = {"accepted": len(tally.accepted), "refused": len(tally.refused), "duplicate": len(tally.duplicates)}
    return staff_page(
        request, case.who, "lists/imported.jinja", case=case, name=tally.name, counts=counts, lines=_first(lines),
        rest=max(0, len(lines) - MOST_LINES), decided=tally.decided,
    )  # fmt: skip


uploads = {"/staff/import/": UPLOAD}
routes = [
    Route("/staff/import/{cycle}", show, methods=["GET"]),
    Route("/staff/import/{cycle}", act, methods=["POST"]),
]
