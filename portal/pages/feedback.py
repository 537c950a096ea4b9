"""Feedback behind its link: what somebody thought of it, without her name; and apart from it, signed, what she learned.

The answers go into a sealed envelope and, once they count, to a table that knows no person (TRUST invariant 24). Until
they are sent they may be kept as a draft that only the link opens. What she learned, and from whom, is hers: it is kept
with her name, may be changed, and is no part of the answers.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from exchange.feedback import GiveFeedback, Survey
from exchange.plan import Feedback
from exchange.questions import Question
from letters.scale import SCALE
from portal.answers import take
from portal.doors import Door, Guest
from portal.drafts import opened, sealed
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.look import page
from portal.shown.feedback import Asking, hosts_of
from portal.speech import PageWords
from portal.threads import asked
from store.links import mark_of

LONGEST = 2_000
SAVE = "save"


def show(request: Request, guest: Guest) -> Response:
    """The questions, with what was kept of the answers; or why there is nothing to answer."""
    return shown(request, guest, _asking(guest))


def shown(
    request: Request, guest: Guest, asking: Asking, status: int = 200, *, form: Form | None = None, refused: str = ""
) -> Response:
    """The page of the survey, perhaps with a form that has to be filled in again."""
    draft = _draft(guest)
    own = form or form_of(guest.words, asking.step, draft)
    said = request.query_params.get("said", "")
    return page(
        request,
        "feedback/survey.jinja",
        status,
        asking=asking,
        form=own,
        here=guest.here,
        said=said,
        refused=refused,
        saved=bool(draft) and form is None,
    )


def _asking(guest: Guest) -> Asking:
    """The survey as it stands for her.

    Raises:
        NotHere: the link is about no survey, or nobody is behind it.
    """
    house, link = guest.house, guest.link
    step = next((s for s in guest.plan.steps if isinstance(s, Feedback) and link.about in {"", s.id}), None)
    if step is None or guest.person is None:
        raise NotHere
    state = house.states.of(link.cycle)
    last = house.store.last_answer(link.cycle, link.ref)
    pending = last is not None and last.state == "received" and last.kind == GiveFeedback.__name__
    return Asking(guest, step, state, house.now(), pending=pending)


def form_of(words: PageWords, step: Feedback, typed: dict[str, Any]) -> Form:
    """The plan's questions. All may be left out, and nothing is ticked beforehand."""
    return Form(words, [_field(words, one, str(typed.get(one.id, ""))) for one in step.questions])


def _field(words: PageWords, one: Question, value: str) -> Field:
    name, label = f"q-{one.id}", words.pick(one.text)
    if one.form == "text":
        return Field(name, label, kind="textarea", required=False, most=LONGEST, value=value)
    options = (
        [(str(number), f"{number} – {words.gettext(said)}") for number, said in enumerate(SCALE, 1)]
        if one.form == "scale"
        else [(str(number), words.pick(choice)) for number, choice in enumerate(one.choices, 1)]
    )
    return Field(name, label, kind="radios", required=False, options=options, value=value)


def _given(step: Feedback, form: Form) -> dict[str, int | str]:
    """What was answered: a number of a scale or of a choice, or words."""
    said = [(one, form.word(f"q-{one.id}")) for one in step.questions]
    return {one.id: words if one.form == "text" else int(words) for one, words in said if words}


def _draft(guest: Guest) -> dict[str, Any]:
    return opened(guest.house.keys, guest.token, guest.house.store.draft(mark_of(guest.token)))


async def answer(request: Request, guest: Guest) -> Response:
    """Keeps a draft, or takes the answers."""
    asking = await asked(_asking, guest)
    form = form_of(guest.words, asking.step, {}).read(request.state.form)
    if form.errors:
        return shown(request, guest, asking, 422, form=form)
    given = _given(asking.step, form)
    if request.state.form.word("do") == SAVE:
        return await _saved(guest, asking.survey, given)
    if not given and asking.step.questions:
        form.wrong(f"q-{asking.step.questions[0].id}", guest.words.gettext("Answer at least one question."))
        return shown(request, guest, asking, 422, form=form)
    wish = GiveFeedback(at=guest.house.now(), actor=guest.link.ref, person=guest.link.ref, step=asking.step.id)
    became = await take(guest, wish, seen=asking.seen, answers=given)
    if became.became == "refused":
        return shown(request, guest, await asked(_asking, guest), 409, form=form, refused=became.sentence)
    await asked(guest.house.store.drop_draft, mark_of(guest.token))
    return RedirectResponse(guest.here, 303)


async def _saved(guest: Guest, survey: Survey, given: dict[str, int | str]) -> Response:
    """Keeps what was typed so far, as long as it can still be sent."""
    house, token = guest.house, guest.token
    if survey.stage == "open" and guest.link.ref not in survey.given:
        body = sealed(house.keys, token, given)
        await asked(house.store.keep_draft, guest.link.cycle, mark_of(token), body, house.now())
    return RedirectResponse(f"{guest.here}?said=saved", 303)


# -- what she learned, signed ------------------------------------------------------------------------------------------


def learned_form(guest: Guest) -> Form:
    """What she learned, and from whom."""
    words = guest.words
    told = guest.house.store.told(guest.link.cycle, guest.link.ref).get("learned") or {}
    hosts = hosts_of(words, guest.house.states.of(guest.link.cycle))
    label = words.gettext("What did you learn that you use, or want to use?")
    what = Field("what", label, kind="textarea", required=False, most=LONGEST, value=told.get("what", ""))
    if not hosts:
        return Form(words, [what])
    whom = words.gettext("From whom?")
    yes = [("yes", words.gettext("Yes, the library from which I learned may read this, with my name"))]
    shown = words.gettext("May that library read it?")
    return Form(
        words,
        [
            what,
            Field("from", whom, kind="select", options=hosts, required=False, value=told.get("from", "")),
            Field("host", shown, kind="checkboxes", options=yes, required=False, value=told.get("host", "")),
        ],
    )


def show_learned(request: Request, guest: Guest) -> Response:
    """The page for it."""
    said = request.query_params.get("said", "")
    return page(request, "feedback/learned.jinja", form=_mine(guest), here=_back(guest), said=said, name=_name(guest))


def learned(request: Request, guest: Guest) -> Response:
    """Keeps it with her name; an empty one takes it away."""
    form = _mine(guest).read(request.state.form)
    if form.errors:
        return page(request, "feedback/learned.jinja", 422, form=form, here=_back(guest), said="", name=_name(guest))
    told: dict[str, str] | str = ""
    if form.word("what"):
        allowed = {"host": "yes"} if form.word("host") and form.word("from") else {}
        told = {"what": form.word("what"), "from": form.word("from"), **allowed}
    guest.house.store.tell(guest.link.cycle, guest.link.ref, {"learned": told}, guest.house.now())
    return RedirectResponse(f"{request.url.path}?said=kept", 303)


def _mine(guest: Guest) -> Form:
    if guest.person is None:
        raise NotHere
    return learned_form(guest)


def _name(guest: Guest) -> str:
    return guest.person.name if guest.person else ""


def _back(guest: Guest) -> str:
    return guest.here if guest.link.purpose == "feedback" else ""


doors = {
    "feedback": {"": Door(show, answer), "learned": Door(show_learned, learned)},
    "learned": {"": Door(show_learned, learned)},
}
