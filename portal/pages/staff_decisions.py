"""A decision: exactly what will happen, and the buttons that decide it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.approval import Approve, Reject
from exchange.base import Command
from exchange.prompt import Choose, Prompt, successor
from portal.acting import ONCE, NotDone, decide, kept, once
from portal.deeds import in_two_places
from portal.faults import NotHere, Turned
from portal.forms import Field, Form
from portal.shown.staff_decision import Decision, owed
from portal.shown.staff_today import capital, waiting, waiting_in
from portal.staff import Case, Colleague, signed_in, staff_page
from store.models import PromptRow
from telling.board import prompt_lines
from telling.heldup import lateness
from telling.sentences import asks
from workers.held import letters_of, opened, unwritten

REASON = 1_000


@signed_in
def decision(request: Request, who: Colleague) -> Response:
    """The decision as it stands: open, or how it was answered."""
    case = who.case(request.path_params["cycle"])
    prompt = case.state.prompts.get(request.path_params["prompt"])
    if prompt is None:
        return _answered(request, case)
    return _open(request, case, prompt)


def _open(
    request: Request, case: Case, prompt: Prompt, form: Form | None = None, said: NotDone | None = None
) -> Response:
    store = case.who.house.store
    letters = letters_of(store, case.state, prompt)
    shown = Decision(case.state, case.names, prompt, letters, case.who.ref)
    (line,) = prompt_lines([prompt], case.names, known=(store, case.state))
    return staff_page(
        request, case.who, "decision.jinja", said.status if said else 422 if form else 200,
        case=case, shown=shown, said=said, form=form or _form(case, shown), now=case.who.house.now(),
        waits=waiting(case.state, case.names, prompt, case.who.ref, case.who.house.now()),
        asks=capital(asks(prompt, case.names)), details=line.details, mark=once(),
        late=lateness(case.state, prompt, case.who.house.now()) is not None,
        ours=unwritten(letters.held), owed=list(owed(case.state, case.names)) if shown.is_report else [],
    )  # fmt: skip


def _form(case: Case, shown: Decision, deed: str = "") -> Form:
    """What can be answered: yes or no, a no with a reason, or one of the options."""
    say = case.words.gettext
    hint = say("You need one to reject. It is kept with the decision.") if shown.approval else ""
    rejects = shown.approval and deed == "reject"
    reason = Field("reason", say("Reason"), kind="textarea", hint=hint, required=rejects, most=REASON)
    if shown.approval:
        copy = Field("copy", say("Copy"), kind="checkboxes", required=False, options=[
            ("yes", say("Send me a copy: one of each kind of letter, in each language"))])  # fmt: skip
        return Form(case.words, [*([copy] if shown.count else []), reason])
    picks = [Field("picks", say("Who gets a place"), kind="checkboxes", required=False, options=shown.applicants)]
    choice = Field("option", say("What is to be done?"), kind="radios", options=shown.options)
    return Form(
        case.words,
        [choice, *(picks if shown.applicants else []), *([in_two_places(case)] if shown.elsewhere else []), reason],
    )


@signed_in
def decided(request: Request, who: Colleague) -> Response:
    """Decides it, and shows what became of it."""
    case, typed = who.case(request.path_params["cycle"]), request.state.form
    prompt = case.state.prompts.get(request.path_params["prompt"])
    if prompt is None:
        return RedirectResponse(request.url.path, 303)
    shown = Decision(case.state, case.names, prompt, letters_of(who.house.store, case.state, prompt), who.ref)
    deed = typed.word("deed")
    form = _form(case, shown, deed).read(typed)
    if shown.approval and deed not in {"approve", "reject"}:
        raise Turned(400)
    if form.errors:
        return _open(request, case, prompt, form)
    try:
        words = form.word("reason")
        wish = _wish(case, prompt, form, deed, typed.word("digest"))
        decide(case, wish, typed.word(ONCE), lambda it: it.model_copy(update={"reason": kept(case, words)}))
    except NotDone as no:
        return _open(request, case, prompt, form, no)
    return RedirectResponse(request.url.path, 303)


def _wish(case: Case, prompt: Prompt, form: Form, deed: str, digest: str) -> Command:
    """What was decided. An approval is of exactly what the page showed."""
    signed: dict[str, Any] = {"at": case.who.house.now(), "actor": case.who.ref, "prompt": prompt.id}
    if prompt.about != "approval":
        picks, anyway = tuple(filter(None, form.chosen("picks"))), "yes" in form.chosen("anyway")
        return Choose(**signed, option=form.word("option"), picks=picks, anyway=anyway)
    if deed == "reject":
        return Reject(**signed)
    return Approve(**signed, digest=digest, copy_to_me=bool(form.word("copy")))


def _answered(request: Request, case: Case) -> Response:
    """By whom it was answered, when and how; and what waits next."""
    row = _closed(case, request.path_params["prompt"])
    texts = case.who.house.store.get_texts([row.reason] if row.reason else [])
    now = case.who.house.now()
    waiting = [
        (other, one) for other in case.who.cases()[0] for one in waiting_in(other.state, other.names, case.who.ref, now)
    ]
    after = sorted((pair for pair in waiting if pair[1].mine), key=lambda pair: pair[1].due_at)
    newer = case.state.prompts.get(successor(case.state, row.prompt.id)) if row.option == "lapsed" else None
    return staff_page(
        request, case.who, "answered.jinja", case=case, row=row, asks=capital(asks(row.prompt, case.names)),
        answer=case.names.answer(row.option), by=case.names.who(row.closed_by) if row.closed_by else "",
        when=case.names.moment(row.closed_at) if row.closed_at else "", mine=row.closed_by == case.who.ref,
        reason=next((case.words.pick(words) for words in texts.values()), ""), after=after[:1],
        still_open=row.closed_at is None, newer=newer, newer_asks=capital(asks(newer, case.names)) if newer else "",
    )  # fmt: skip


def _closed(case: Case, prompt: str) -> PromptRow:
    rows = case.who.house.store.prompts(case.id, open_only=False)
    found = next((row for row in rows if row.prompt.id == prompt), None)
    if found is None:
        raise NotHere
    return found


@signed_in
def letter(request: Request, who: Colleague) -> Response:
    """One letter that waits under the decision, as its reader will see it."""
    case = who.case(request.path_params["cycle"])
    prompt = case.state.prompts.get(request.path_params["prompt"])
    row = who.house.store.letter(request.path_params["letter"])
    held = {one.id for one in letters_of(who.house.store, case.state, prompt).held} if prompt else set()
    if row is None or prompt is None or row.id not in held:
        raise NotHere
    return staff_page(
        request, who, "letter.jinja", case=case, to=case.names.who(row.to_ref), language=row.language,
        reading=opened(row.data, row.language), back=f"/staff/decisions/{case.id}/{prompt.id}", state="",
    )  # fmt: skip


routes = [
    Route("/staff/decisions/{cycle}/{prompt}", decision, methods=["GET"]),
    Route("/staff/decisions/{cycle}/{prompt}", decided, methods=["POST"]),
    Route("/staff/decisions/{cycle}/{prompt}/letters/{letter:int}", letter, methods=["GET"]),
]
