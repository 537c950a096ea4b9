"""A home library's contact: names colleagues, chooses whom the library sends, and sends somebody else in time.

She sees the people of her own library, and where each of them stands; of other libraries nothing, and her people see
nothing of each other.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from exchange.base import Command
from exchange.nominating import Nominate
from exchange.plan import Registration
from exchange.registration import Register
from exchange.substituting import Substitute
from portal.answers import take
from portal.colleagues import colleague, colleague_fields
from portal.doors import Door, Guest
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.look import page
from portal.seen import SEEN, seen
from portal.shown.contact import Contact, Facts
from portal.threads import asked
from store.models import Newcomer

PAGE, NAMING, INSTEAD = "contact/library.jinja", "contact/colleague.jinja", "contact/instead.jinja"


def contact_of(guest: Guest) -> Contact:
    """Where her library stands.

    Raises:
        NotHere: she does not answer for it (any more).
    """
    step_id, _, home = guest.link.about.partition("/")
    step = next((s for s in guest.plan.steps if s.id == step_id and isinstance(s, Registration)), None)
    if not isinstance(step, Registration) or guest.plan.contacts.get(home) != guest.link.ref or guest.person is None:
        raise NotHere
    state = guest.house.states.of(guest.link.cycle)
    hers = [ref for ref, place in state.desk(step.id).people.items() if place.home == home]
    names = {ref: person.name for ref, person in guest.house.store.get_people(hers).items()}
    named = guest.house.store.named_by(guest.link.cycle, guest.link.ref)
    return Contact(guest, Facts(state, step, home, guest.house.now(), names, named))


def show(request: Request, guest: Guest) -> Response:
    """What is asked of her, her people, and the form that belongs there."""
    return _shown(request, guest, contact_of(guest))


def _shown(
    request: Request, guest: Guest, mine: Contact, status: int = 200, *,
    form: Form | None = None, refused: str = "", kept: str = "",
) -> Response:  # fmt: skip
    own = form or _choice(guest, mine)
    more = {"refused": refused, "kept": kept, "here": guest.here, SEEN: mine.stamp}
    return page(request, PAGE, status, mine=mine, form=own, **more)


# -- choosing ----------------------------------------------------------------------------------------------------------


def _choice(guest: Guest, mine: Contact, *, also: bool = False) -> Form:
    """Among those who asked; with ``also`` beside somebody new, so that none need be chosen."""
    words = guest.words
    label = words.gettext("Who else comes?") if also else words.gettext("Whom does your library send?")
    options = [(one.ref, one.name) for one in mine.askers]
    missing = words.gettext("Choose at least one colleague.")
    return Form(words, [Field("people", label, kind="checkboxes", options=options, required=not also, missing=missing)])


def _fits(guest: Guest, mine: Contact, form: Form, chosen: int) -> bool:
    if not mine.limit or chosen <= mine.limit:
        return True
    places = guest.words.ngettext(
        "Your library has %(num)s place, and you chose %(chosen)s people. Choose fewer.",
        "Your library has %(num)s places, and you chose %(chosen)s people. Choose fewer.",
        mine.limit,
        chosen=guest.words.number(chosen),
    )
    form.wrong("people", places)
    return False


async def choose(request: Request, guest: Guest) -> Response:
    """Says whom the library sends."""
    mine = await asked(contact_of, guest)
    form = _choice(guest, mine).read(request.state.form)
    if mine.stage == "choose" and (form.errors or not _fits(guest, mine, form, len(form.chosen("people")))):
        return _shown(request, guest, mine, 422, form=form)
    # where there is nothing to choose any more, the rules say so, and a choice that came before is the same answer
    return await _answered(request, guest, _nominate(guest, mine, _hers(request, mine)))


def _hers(request: Request, mine: Contact) -> tuple[str, ...]:
    """Whom she ticked, of those of her library."""
    known = {one.ref for one in mine.nominees}
    return tuple(ref for ref in dict.fromkeys(request.state.form.words("people")) if ref in known)


def _nominate(guest: Guest, mine: Contact, people: tuple[str, ...]) -> Nominate:
    return Nominate(**_signed(guest), home=mine.home, people=people, step=mine.step.id)


# -- somebody new ------------------------------------------------------------------------------------------------------


def _naming(guest: Guest, mine: Contact) -> Form:
    fields = colleague_fields(guest.words)
    if mine.stage == "choose" and mine.limit != 1 and mine.askers:
        fields += _choice(guest, mine, also=True).fields
    return Form(guest.words, fields)


def ask_colleague(request: Request, guest: Guest) -> Response:
    """The page on which she names somebody who has not asked."""
    mine = contact_of(guest)
    if mine.stage not in {"open", "choose"}:
        return RedirectResponse(guest.here, 303)
    return _form_page(request, guest, NAMING, mine, _naming(guest, mine))


async def name_colleague(request: Request, guest: Guest) -> Response:
    """Puts a colleague down; where the library chooses, she is among those whom it sends."""
    mine = await asked(contact_of, guest)
    form = _naming(guest, mine).read(request.state.form)
    person = None if form.errors else await asked(colleague, guest, form, mine.home)
    # what she meant is said by the page that she saw: a colleague put down beside others is no choice against them
    chooses, also = request.state.form.word("as") == "choice", _hers(request, mine)
    if person is None or (mine.stage == "choose" and chooses and not _fits(guest, mine, form, len(also) + 1)):
        return _form_page(request, guest, NAMING, mine, form, 422)
    wish: Command = Register(**_signed(guest), person="", home=mine.home, step=mine.step.id)
    if chooses:
        wish = _nominate(guest, mine, also)
    field = "newcomer" if chooses else "person"
    return await _answered(
        request, guest, wish, form=form, template=NAMING, newcomer=Newcomer(field=field, person=person)
    )


# -- somebody else -----------------------------------------------------------------------------------------------------


def _instead(guest: Guest, mine: Contact) -> Form:
    words, options = guest.words, [(one.ref, one.name) for one in mine.placed]
    who = Field("who", words.gettext("Who cannot come?"), kind="radios", options=options)
    why = Field("reason", words.gettext("Why?"), kind="textarea", required=False, most=1_000)
    return Form(words, [who, *colleague_fields(words), why])


def ask_instead(request: Request, guest: Guest) -> Response:
    """The page on which she sends a colleague instead of somebody."""
    mine = contact_of(guest)
    if not mine.placed:
        return RedirectResponse(guest.here, 303)
    return _form_page(request, guest, INSTEAD, mine, _instead(guest, mine))


async def send_instead(request: Request, guest: Guest) -> Response:
    """A colleague of the library takes over a place."""
    mine = await asked(contact_of, guest)
    form = _instead(guest, mine).read(request.state.form)
    person = None if form.errors else await asked(colleague, guest, form, mine.home)
    if person is None:
        return _form_page(request, guest, INSTEAD, mine, form, 422)
    wish = Substitute(**_signed(guest), person=form.word("who"), by="", home=mine.home)
    more: dict[str, Any] = {"words": {"reason": form.word("reason")}, "newcomer": Newcomer(field="by", person=person)}
    return await _answered(request, guest, wish, form=form, template=INSTEAD, **more)


# -- the way of an answer ----------------------------------------------------------------------------------------------


def _signed(guest: Guest) -> dict[str, Any]:
    return {"at": guest.house.now(), "actor": guest.link.ref}


def _form_page(
    request: Request, guest: Guest, template: str, mine: Contact, form: Form, status: int = 200, refused: str = ""
) -> Response:
    more = {"mine": mine, "form": form, "here": guest.here, "refused": refused, SEEN: mine.stamp}
    return page(request, template, status, **more)


async def _answered(
    request: Request, guest: Guest, wish: Command, *, form: Form | None = None, template: str = PAGE, **more: Any
) -> Response:
    """Takes the answer. One that is refused is told where it was given, with what was typed."""
    became = await take(guest, wish, seen=seen(request), **more)
    if became.became == "accepted":
        return RedirectResponse(guest.here, 303)
    mine = await asked(contact_of, guest)
    if became.became == "taken":
        return _shown(request, guest, mine, kept=became.sentence)
    if form is not None and template != PAGE:
        return _form_page(request, guest, template, mine, form, 409, became.sentence)
    return _shown(request, guest, mine, 409, refused=became.sentence)


doors = {
    "nominate": {
        "": Door(show, choose),
        "colleague": Door(ask_colleague, name_colleague),
        "instead": Door(ask_instead, send_instead),
    }
}
