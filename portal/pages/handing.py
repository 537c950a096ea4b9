"""Handing over in every open cycle at once, calling off what was arranged, and the paper for whoever takes over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.base import Command
from exchange.handing import HandOver
from exchange.roles import held_by
from plans.moments import beginning_of, is_over
from plans.words import plain
from portal.acting import ONCE, NotDone, asked_of_rules, decide, done_before, kept, once
from portal.deeds import REASON, STANDING_IN, signed
from portal.forms import Field, Form
from portal.pages.staff_deeds import letters_of
from portal.pages.staff_deeds_cycle import without_deputy
from portal.shown.handing import Paper
from portal.staff import Case, Colleague, signed_in, staff_page
from store.models import Staff
from telling.deputies import going
from telling.sentences import sentence

HERE = "/staff/handover"


def _gives(who: Colleague, cases: list[Case]) -> list[tuple[str, str]]:
    """Who holds a role in a cycle that is open, and where."""
    staff = {one.ref: one.name for one in who.house.store.staff(everybody=True)}
    held = {ref: [case.theme for case in cases if held_by(case.state.plan, ref)] for ref in staff}
    return [(ref, f"{staff[ref]} ({who.words.all_of(themes)})") for ref, themes in held.items() if themes]


def _form(who: Colleague, cases: list[Case], query: Mapping[str, str] | None = None) -> Form:
    say = who.words.gettext
    takes = [(one.ref, one.name) for one in who.house.store.staff()]
    hint = say("Left empty: at once.")
    return Form(who.words, [
        Field("source", say("Who hands over"), kind="select", options=_gives(who, cases),
              value=(query or {}).get("source", "")),
        Field("to", say("Who takes over"), kind="select", options=takes),
        Field("on", say("From which day"), kind="date", required=False, hint=hint),
        Field("reason", say("Reason"), kind="textarea", most=REASON, hint=say("It is kept with the decision.")),
    ])  # fmt: skip


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The form."""
    return _page(request, who, _form(who, who.cases()[0], dict(request.query_params)))


def _page(request: Request, who: Colleague, form: Form, said: NotDone | None = None, theme: str = "") -> Response:
    status = said.status if said else 422 if form.errors else 200
    done = request.query_params.get("done") == "1"
    alone = [(case, one) for case in who.cases()[0] for one in without_deputy(case)] if done else []
    return staff_page(
        request, who, "handing/form.jinja", status, form=form, said=said, theme=theme, done=done, alone=alone
    )


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows what passes in each cycle; from that page, lets it pass."""
    typed, cases = request.state.form, who.cases()[0]
    form = _form(who, cases).read(typed)
    if form.errors and typed.word("deed") == "act" and any(done_before(case, typed.word(ONCE)) for case in cases):
        return RedirectResponse(f"{HERE}?done=1", 303)  # pressed twice: she holds no role any more that could pass
    if form.errors or typed.word("deed") == "change":
        form.errors = {} if typed.word("deed") == "change" else form.errors
        return _page(request, who, form)
    staff = {one.ref: one for one in who.house.store.staff(everybody=True)}
    gives, takes, day = staff[form.word("source")], staff[form.word("to")], form.day("on")
    concerned = [case for case in cases if held_by(case.state.plan, gives.ref)]
    if day is not None and any(_past(case, day) for case in concerned):
        form.wrong("on", who.words.gettext("This day is past. Leave it empty to hand over at once."))
        return _page(request, who, form)
    return _asked(request, who, form, [(case, _wish(case, gives, takes, day)) for case in concerned])


def _asked(request: Request, who: Colleague, form: Form, wishes: list[tuple[Case, HandOver]]) -> Response:
    """What the rules say in each cycle; nothing passes in any where one of them says no."""
    typed, theme, words = request.state.form, "", form.word("reason")

    def reasoned(case: Case, wish: Command) -> Command:
        return wish.model_copy(update={"reason": kept(case, words)})

    try:
        for case, wish in wishes:
            theme = case.theme
            asked_of_rules(case, wish)
        if typed.word("deed") != "act":
            return _look(request, who, form, wishes)
        for case, wish in wishes:
            theme = case.theme
            decide(case, wish, typed.word(ONCE), partial(reasoned, case))
    except NotDone as no:
        return _page(request, who, form, no, theme)
    return RedirectResponse(f"{HERE}?done=1", 303)


def _past(case: Case, day: date) -> bool:
    return is_over(day.isoformat(), case.state.plan, case.who.house.now())


def _wish(case: Case, gives: Staff, takes: Staff, day: date | None) -> HandOver:
    return HandOver(
        **signed(case), source=gives.ref, to=takes.ref, may=tuple(map(plain, takes.roles)), left=not gives.active,
        not_before=beginning_of(day.isoformat(), case.state.plan, case.who.house.now()) if day else None,
        reason=STANDING_IN,
    )  # fmt: skip


def _look(request: Request, who: Colleague, form: Form, wishes: list[tuple[Case, HandOver]]) -> Response:
    cycles = []
    for case, wish in wishes:
        events = asked_of_rules(case, wish)
        then = [one.words for one in going(case.state.plan, wish, case.names)]
        cycles.append((case, [*(sentence(event, case.names) for event in events), *then], letters_of(case, events)))
    on = [(f"on-{part}", value) for part, value in zip(("day", "month", "year"), form.parts("on"), strict=True)]
    return staff_page(
        request, who, "handing/look.jinja", cycles=cycles, mark=once(), reason=form.word("reason"),
        source=form.word("source"),
        hidden=[("source", form.word("source")), ("to", form.word("to")), ("reason", form.word("reason")), *on],
    )  # fmt: skip


@signed_in
def paper(request: Request, who: Colleague) -> Response:
    """What whoever takes over needs to know: of one cycle, or of all in which somebody holds a role."""
    source, wanted = request.query_params.get("source", ""), request.query_params.get("cycle", "")
    cases = [who.case(wanted)] if wanted else who.cases()[0]
    concerned = [case for case in cases if not source or held_by(case.state.plan, source)]
    staff = who.house.store.get_staff([source]).get(source) if source.startswith("s_") else None
    return staff_page(
        request, who, "handing/paper.jinja", papers=[Paper(case, source) for case in concerned],
        name=staff.name if staff else "", drawn=who.words.day(who.house.now()),
    )  # fmt: skip


routes = [
    Route(HERE, show, methods=["GET"]),
    Route(HERE, act, methods=["POST"]),
    Route(f"{HERE}/paper", paper, methods=["GET"]),
]
