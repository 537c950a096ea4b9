"""Letters that did not leave in time or did not arrive: send them, drop them, or say how they were dealt with."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.acting import NotDone, demand_role, kept
from portal.forms import Field, Form
from portal.shown.staff_people import LETTERS
from portal.staff import Case, Colleague, signed_in, staff_page
from store.models import OutboxRow

DEEDS = ("send", "drop", "settle")


def _rows(case: Case, deed: str) -> list[OutboxRow]:
    store = case.who.house.store
    if deed == "settle":
        return [row for row in store.letters(case.id, "failed", "suspect") if not row.settled_at]
    return store.letters(case.id, "overdue")


def _forms(case: Case) -> dict[str, Form]:
    """One form for what should have left, one for what did not arrive; none where there is no such letter."""
    found = {}
    for name in ("send", "settle"):
        rows = _rows(case, name)
        if rows:
            options = [(str(row.id), _label(case, row)) for row in rows]
            which = Field(f"{name}_which", case.words.gettext("Which letters"), kind="checkboxes", options=options)
            why = Field(
                f"{name}_why", case.words.gettext("Reason"), kind="textarea", required=name == "settle", most=1_000,
                hint=case.words.gettext("To drop them a reason is needed; it is kept beside the letters.")
                if name == "send" else case.words.gettext("How they were dealt with; it is kept beside the letters."),
            )  # fmt: skip
            found[name] = Form(case.words, [which, why])
    return found


def _label(case: Case, row: OutboxRow) -> str:
    """Whom it is to, its subject, when it should have left; and whether it may have arrived already."""
    what = row.subject or row.kind.replace("_", " ")
    perhaps = case.words.gettext("may have arrived already") if row.maybe_delivered else ""
    state = case.words.gettext(LETTERS[row.state]) if row.state != "overdue" else ""
    return ", ".join(
        filter(None, (case.names.who(row.to_ref), what, case.names.moment(row.not_before), state, perhaps))
    )


@signed_in
def letters(request: Request, who: Colleague) -> Response:
    """What waits to be sent or dropped, and what did not arrive."""
    case = who.case(request.path_params["cycle"])
    return _page(request, case, _forms(case))


def _page(request: Request, case: Case, forms: dict[str, Form], status: int = 200) -> Response:
    wrong = next((form for form in forms.values() if form.errors), None)
    done = request.query_params.get("done", "") in DEEDS
    values = {"form": wrong} if wrong else {}
    return staff_page(request, case.who, "letters.jinja", status, case=case, forms=forms, done=done, **values)


@signed_in
def settle(request: Request, who: Colleague) -> Response:
    """Shows which letters it is about; from that page, does it. What was dealt with meanwhile stays as it was."""
    case, typed = who.case(request.path_params["cycle"]), request.state.form
    deed, forms = typed.word("deed"), _forms(case)
    name = "settle" if deed == "settle" else "send"
    if deed not in DEEDS or name not in forms:
        return RedirectResponse(request.url.path, 303)
    form = forms[name].read(typed)
    words = form.word(f"{name}_why")
    if deed == "drop" and not words:
        form.wrong("send_why", case.words.gettext("Say why they are not to leave."))
    try:
        demand_role(case)
    except NotDone as no:
        form.wrong(f"{name}_which", no.said)
    if form.errors:
        return _page(request, case, forms, 422)
    if not typed.word("sure"):
        return _look(request, case, form, name, deed)
    chosen, store, now = [int(one) for one in form.chosen(f"{name}_which")], who.house.store, who.house.now()
    store.demand_session(who.session, now)
    if deed == "send":
        store.release_overdue(case.id, chosen, who.ref, now)
    elif deed == "drop":
        store.drop_overdue(case.id, chosen, who.ref, kept(case, words), now)
    else:
        store.settle(case.id, chosen, who.ref, kept(case, words), now)
    return RedirectResponse(f"{request.url.path}?done={deed}", 303)


def _look(request: Request, case: Case, form: Form, name: str, deed: str) -> Response:
    """The letters chosen, and the button that deals with them."""
    labels, why = dict(form.by_name[f"{name}_which"].options), form.word(f"{name}_why")
    chosen = form.chosen(f"{name}_which")
    return staff_page(
        request, case.who, "letters_look.jinja", case=case, deed=deed, reason=why,
        chosen=[labels[one] for one in chosen],
        hidden=[*((f"{name}_which", one) for one in chosen), (f"{name}_why", why)],
    )  # fmt: skip


routes = [
    Route("/staff/cycles/{cycle}/letters", letters, methods=["GET"]),
    Route("/staff/cycles/{cycle}/letters", settle, methods=["POST"]),
]
