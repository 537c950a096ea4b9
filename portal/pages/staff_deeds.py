"""The pages of deeds: the form, what it will do, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.base import Command, Event
from exchange.cancelling import CycleCancelled
from exchange.correspondence import ordered
from portal.acting import ONCE, UNREACHED, NotDone, asked_of_rules, decide, demand_role, done_before, ended, enter, once
from portal.deeds import Deed, Elsewhere, Wrong
from portal.faults import NotHere
from portal.forms import Form
from portal.pages.handing_off import CALL_OFF
from portal.pages.lists_deeds import OF_LISTS
from portal.pages.staff_deeds_cycle import OF_CYCLES
from portal.pages.staff_deeds_people import OF_PEOPLE
from portal.speech import mark
from portal.staff import Case, Colleague, signed_in, staff_page
from telling.names import Names
from telling.sentences import sentence

DEEDS = {deed.name: deed for deed in (*OF_PEOPLE, *OF_LISTS, *OF_CYCLES, CALL_OFF)}


def _attended(case: Case) -> bool:
    """Whether there is a seminar at which it is noted who was there, or can be."""
    seminars = case.state.seminars()
    return any(case.row.open or case.state.gathering(step.id).attendance for step in seminars)


PAPER = Elsewhere(mark("The paper for whoever takes over"), "/staff/handover/paper?cycle={cycle}", lambda _: True)
STARTED = {
    "start": mark("The cycle has begun."),
    "kept": mark("The cycle is kept, and begins by itself as soon as the engine runs."),
}
AMEND = Elsewhere(mark("Change the plan"), "/staff/amend/{cycle}", lambda it: it.row.open and not it.row.practice)
AGAIN = Elsewhere(mark("Practise again with another plan"), "/staff/start", lambda it: it.row.open and it.row.practice)
ATTENDANCE = Elsewhere(mark("Who was there"), "/staff/cycles/{cycle}/attendance", _attended)
IMPORT = Elsewhere(mark("Register a list of people"), "/staff/import/{cycle}")
MOST = 8
"""So many people are named; of more, how many there are."""
LINES = 12


def _deed(request: Request, who: Colleague) -> tuple[Case, Deed]:
    """The cycle and the deed that the path names.

    Raises:
        NotHere: there is no such deed.
    """
    deed = DEEDS.get(request.path_params["deed"])
    if deed is None:
        raise NotHere
    return who.case(request.path_params["cycle"]), deed


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The form."""
    case, deed = _deed(request, who)
    return _form(request, case, deed, Form(case.words, deed.fields(case, dict(request.query_params))), ended(case))


def _form(request: Request, case: Case, deed: Deed, form: Form, said: NotDone | None = None) -> Response:
    status = said.status if said else 422 if form.errors else 200
    return staff_page(
        request, case.who, "deed.jinja", status, case=case, deed=deed, form=form, said=said,
        title=case.words.gettext(deed.title), lead=case.words.gettext(deed.lead),
    )  # fmt: skip


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows what it will do; from that page, does it."""
    case, deed = _deed(request, who)
    typed = request.state.form
    if typed.word("deed") == "act" and done_before(case, typed.word(ONCE)):
        return _led_back(case, deed)
    form = Form(case.words, deed.fields(case, {})).read(typed)
    if typed.word("deed") == "change":
        form.errors.clear()
    elif not form.errors:
        return _tried(request, case, deed, form)
    else:
        _with_all(case, deed, form)
    return _form(request, case, deed, form)


def _with_all(case: Case, deed: Deed, form: Form) -> None:
    """What only the deed sees is told together with what the form has found.

    Asked only where that is about words that are kept: all else the deed takes for readable.
    """
    if not form.errors.keys() <= set(deed.words.values()):
        return
    try:
        if deed.entered:
            demand_role(case)
        deed.wished(case, form)
    except Wrong as wrong:
        if wrong.field not in form.errors:
            form.wrong(wrong.field, wrong.said)
    except NotDone:
        pass  # said once the form can be read


def _tried(request: Request, case: Case, deed: Deed, form: Form) -> Response:
    typed = request.state.form
    try:
        if deed.entered:
            demand_role(case)
        wish = deed.wished(case, form)
        events = asked_of_rules(case, wish)
        if typed.word("deed") != "act":
            return _look(request, case, deed, form, wish, events)
        if deed.entered:
            enter(case, deed.kept(case, form, wish), typed.word(ONCE))
        else:
            decide(case, wish, typed.word(ONCE), lambda it: deed.kept(case, form, it))
    except Wrong as wrong:
        return _form(request, case, deed, form.wrong(wrong.field, wrong.said))
    except NotDone as no:
        if no.status != UNREACHED:
            return _form(request, case, deed, form, no)
        return _look(request, case, deed, form, wish, events, no)  # sent again from there it is the same, and acts once
    return _led_back(case, deed)


def _led_back(case: Case, deed: Deed) -> Response:
    return RedirectResponse(f"{case.here}?done={deed.name}", 303)


def _look(
    request: Request, case: Case, deed: Deed, form: Form, wish: Command, events: list[Event], no: NotDone | None = None
) -> Response:
    """What it will do: asked of the rules, and nothing done; after ``no``, under the same mark."""
    names = replace(case.names, known={**case.names.known, "p_new": form.word("name")})  # who is made known only then
    told = events if deed.entered else _besides(events)
    return staff_page(
        request, case.who, "look.jinja", no.status if no else 200, case=case, deed=deed, form=form, said=no,
        mark=request.state.form.word(ONCE) if no else once(),
        title=case.words.gettext(deed.title), button=case.words.gettext(deed.button), rows=_rows(form),
        hidden=[(key, value) for key, value in request.state.form.multi_items()
                if isinstance(value, str) and key not in {"seal", "deed", ONCE}],
        follows=[sentence(event, names) for event in told[:LINES]], letters=letters_of(case, events, names),
        more=deed.more(case, wish),
    )  # fmt: skip


def _besides(events: list[Event]) -> list[Event]:
    """What follows from a decision besides itself, which comes first; the end of a cycle comes after all it ends."""
    return events[:-1] if events and isinstance(events[-1], CycleCancelled) else events[1:]


def _rows(form: Form) -> list[tuple[str, str]]:
    """What was typed, by its questions."""
    rows = []
    for one in form.fields:
        given = [word for word in form.chosen(one.name) if word]
        named = dict(one.options)
        said = ".".join(given) if one.kind == "date" else form.words.all_of([named.get(word, word) for word in given])
        if said:
            rows.append((one.label, said))
    return rows


def letters_of(case: Case, events: list[Event], names: Names | None = None) -> list[tuple[str, str]]:
    """The letters that follow: how many, and to whom; ``names`` where others count than those of the cycle."""
    found, names = [], names or case.names
    for mail in ordered(case.state, events):
        if mail.op in {"send", "release"} and mail.to:
            people = [names.who(ref) for ref in mail.to]
            rest = len(people) - MOST
            more = [case.words.ngettext("%(num)s more", "%(num)s more", rest)] if rest > 0 else []
            found.append((case.names.letters(len(people)), case.words.all_of([*people[:MOST], *more])))
    return found


def groups(case: Case) -> list[tuple[str, list[Deed | Elsewhere]]]:
    """What can be done to the cycle now, for its board."""
    say = case.words.gettext
    both = (
        (say("People"), (*OF_PEOPLE, *OF_LISTS, IMPORT, ATTENDANCE)),
        (say("The cycle"), (AMEND, AGAIN, *OF_CYCLES, CALL_OFF, PAPER)),
    )
    return [(name, fitting) for name, deeds in both if (fitting := [deed for deed in deeds if deed.fits(case)])]


DONE = {
    **STARTED,
    "write": mark("The letter is made ready, and waits to be approved."),
    "paragraph": mark(
        "The paragraph is added. The letters are made ready again with it, and wait anew to be approved."
    ),
    "without": mark("The paragraph is taken back. The letters are made ready again, and wait anew to be approved."),
    "amend": mark("The plan is changed."),
    "note": mark("The note is kept."),
    "move": mark("The date is moved."),
    "places": mark("The number of places is changed."),
    "handover": mark("The handover is entered."),
    "keep-roles": mark("The handover is called off."),
    "suspend": mark("The cycle stands still."),
    "resume": mark("The cycle goes on."),
    "cancel": mark("The cycle is cancelled."),
    "spend": mark("The payment is recorded."),
    "share": mark("What the funder pays is changed."),
    "register": mark("The wish for a place is entered."),
    "instead": mark("The colleague is entered instead."),
    "nominate": mark("The library’s choice is noted."),
    "answer": mark("The answer is entered."),
    "host": mark("The host’s answer is entered."),
    "extend": mark("The longer time is entered."),
    "remind": mark("The reminder leaves now."),
    "replace": mark("The speaker is replaced."),
}
"""What is said once something is done, by the deed's name."""


def done(case: Case, name: str) -> str:
    """What was just done, in a sentence; empty where nothing was, and where the page says for good that it is off."""
    if name == "cancel" and case.row.phase == "cancelled":
        return ""
    return case.words.gettext(DONE[name]) if name in DONE else ""


routes: list[Any] = [
    Route("/staff/cycles/{cycle}/do/{deed}", show, methods=["GET"]),
    Route("/staff/cycles/{cycle}/do/{deed}", act, methods=["POST"]),
]
