"""An invitation, and a place: what somebody is asked, where she stands, and what she can do about it.

Both open by links of their own and lead to the same pages, which show what is the case: whoever has accepted an
invitation finds her place behind its link, and may change her mind there.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from exchange.base import Command
from exchange.coming import AnswerNewDate
from exchange.invitation import DeclineInvitation
from exchange.plan import When
from exchange.registration import AcceptOffer, DeclineOffer, Register, Withdraw
from exchange.substituting import Substitute
from letters.calendar import calendar_of
from portal.answers import Answered, take
from portal.colleagues import colleague as read_colleague
from portal.colleagues import colleague_fields
from portal.doors import Door, Guest
from portal.faults import NotHere
from portal.forms import Form, clean
from portal.look import page
from portal.pages.participant_facts import asked_of, mine_of
from portal.pages.participant_forms import needs_form, nothing_told, offer_form, reason_form, steps_of, told_of
from portal.shown.answers import taken as kept
from portal.shown.participant import Mine
from portal.threads import asked
from store.models import Newcomer, Person

SEEN = "seen"
MOST_SEEN = 120


def show(request: Request, guest: Guest) -> Response:
    """Where she stands, with the form that belongs there."""
    return shown(request, guest, mine_of(guest))


def shown(
    request: Request, guest: Guest, mine: Mine, status: int = 200, *, form: Form | None = None, refused: str = ""
) -> Response:
    """Her page, perhaps with a form that has to be filled in again, or with what was refused."""
    own = form or _form_of(guest, mine)
    return page(
        request, "participant/place.jinja", status,
        mine=mine, form=own, here=guest.here, refused=refused or mine.refused, steps=steps_of(guest, mine),
        taken=kept(guest.words),
    )  # fmt: skip


def _form_of(guest: Guest, mine: Mine) -> Form:
    return offer_form(guest.words) if mine.stage == "offered" else needs_form(guest.words, mine)


# -- answers -----------------------------------------------------------------------------------------------------------


async def say_yes(request: Request, guest: Guest) -> Response:
    """Asks for a place."""
    mine = asked_of(guest)
    form = needs_form(guest.words, mine).read(request.state.form)
    if form.errors:
        return await _again(request, guest, 422, form=form)
    told = told_of(mine, form)
    wish = Register(**signed(guest), home=mine.home, step=mine.desk_step.id)
    return await answered(request, guest, wish, form=form, told=told)


async def offer(request: Request, guest: Guest) -> Response:
    """Takes the place on offer, or lets it go on."""
    form = offer_form(guest.words).read(request.state.form)
    if form.errors:
        return await _again(request, guest, 422, form=form)
    if form.word("answer") == "yes":
        return await answered(request, guest, AcceptOffer(**signed(guest)), form=form)
    return await _gives_up(request, guest, DeclineOffer(**signed(guest)), form)


def ask_decline(request: Request, guest: Guest) -> Response:
    """The page on which she says no."""
    return _ask(request, guest, "decline", {"early", "invited"})


async def decline(request: Request, guest: Guest) -> Response:
    """Says no to the invitation."""
    return await _with_reason(request, guest, "decline", DeclineInvitation(**signed(guest)))


def ask_withdraw(request: Request, guest: Guest) -> Response:
    """The page on which she gives her place up."""
    return _ask(request, guest, "withdraw", {"confirmed", "offered", "waiting", "no_place", "applied"})


async def withdraw(request: Request, guest: Guest) -> Response:
    """Gives her place up, or her turn on the waiting list."""
    return await _with_reason(request, guest, "withdraw", Withdraw(**signed(guest)))


def _ask(request: Request, guest: Guest, what: str, stages: set[str]) -> Response:
    mine = mine_of(guest)
    if mine.stage not in stages:  # it has been done, or is not to be done any more: the page says how things stand
        return RedirectResponse(guest.here, 303)
    return page(request, f"participant/{what}.jinja", mine=mine, form=reason_form(guest.words), here=guest.here)


async def _with_reason(request: Request, guest: Guest, what: str, wish: Command) -> Response:
    form = reason_form(guest.words).read(request.state.form)
    if form.errors:
        mine = await asked(mine_of, guest)
        return page(request, f"participant/{what}.jinja", 422, mine=mine, form=form, here=guest.here)
    return await _gives_up(request, guest, wish, form)


async def _gives_up(request: Request, guest: Guest, wish: Command, form: Form) -> Response:
    """Nobody has to know any more what somebody needs who does not come."""
    told = nothing_told(await asked(mine_of, guest))
    return await answered(request, guest, wish, form=form, words={"reason": form.word("reason")}, told=told)


async def new_date(request: Request, guest: Guest) -> Response:
    """Whether she can still come to a visit that has moved."""
    typed = request.state.form
    comes = {"yes": True, "no": False}.get(typed.word("comes"))
    if comes is None:
        missing = guest.words.gettext("Say whether you can still come.")
        return await _again(request, guest, 422, refused=missing)
    try:
        when = When.model_validate_json(typed.word("when"))
    except ValueError:
        raise NotHere from None
    about = {"step": typed.word("step"), "slot": typed.word("slot"), "when": when, "comes": comes}
    return await answered(request, guest, AnswerNewDate(**signed(guest), **about))


# -- somebody else -----------------------------------------------------------------------------------------------------


def ask_colleague(request: Request, guest: Guest) -> Response:
    """The page on which she names a colleague of her library."""
    mine = mine_of(guest)
    if not mine.may_send_another:
        return RedirectResponse(guest.here, 303)
    form = Form(guest.words, colleague_fields(guest.words))
    return page(request, "participant/colleague.jinja", mine=mine, form=form, here=guest.here)


def _instead(guest: Guest, form: Form, home: str) -> Person | None:
    """Whom she names; None, with the mistake beside its field, where it cannot be her, or is herself."""
    known = guest.house.store.by_address(guest.link.cycle, form.word("address"))
    if known is not None and known.ref == guest.link.ref:
        form.wrong("address", guest.words.gettext("This is your own address. Give your colleague’s."))
        return None
    return read_colleague(guest, form, home)


async def colleague(request: Request, guest: Guest) -> Response:
    """A colleague takes over her place; or, while she is only invited, asks for one instead of her."""
    mine = await asked(mine_of, guest)
    form = Form(guest.words, colleague_fields(guest.words)).read(request.state.form)
    other = None if form.errors else await asked(_instead, guest, form, mine.home)
    if other is None:
        return page(request, "participant/colleague.jinja", 422, mine=mine, form=form, here=guest.here)
    if mine.place is not None and mine.place.live:
        wish: Command = Substitute(**signed(guest), by="", home=mine.home)
        named = Newcomer(field="by", person=other)
    else:
        about = {"person": "", "instead_of": guest.link.ref, "home": mine.home, "step": mine.desk_step.id}
        wish = Register.model_validate(signed(guest) | about)
        named = Newcomer(field="person", person=other)
    became = await taken(request, guest, wish, newcomer=named)
    if became.became == "refused":
        return page(
            request, "participant/colleague.jinja", 409, mine=mine, form=form, here=guest.here, refused=became.sentence
        )
    return RedirectResponse(guest.here, 303)


# -- needs, and the calendar -------------------------------------------------------------------------------------------


def ask_needs(request: Request, guest: Guest) -> Response:
    """What she told of her needs, to be changed."""
    mine = mine_of(guest)
    if not mine.needs or mine.place is None or not mine.place.live:
        return RedirectResponse(guest.here, 303)
    return page(request, "participant/needs.jinja", mine=mine, form=needs_form(guest.words, mine), here=guest.here)


async def needs(request: Request, guest: Guest) -> Response:
    """Keeps what she tells of her needs now."""
    mine = await asked(mine_of, guest)
    form = needs_form(guest.words, mine).read(request.state.form)
    if form.errors:
        return page(request, "participant/needs.jinja", 422, mine=mine, form=form, here=guest.here)
    if mine.place is not None and mine.place.live:
        told = told_of(mine, form)
        await asked(guest.house.store.tell, guest.link.cycle, guest.link.ref, told, guest.house.now())
    return RedirectResponse(guest.here, 303)


def calendar(request: Request, guest: Guest) -> Response:  # noqa: ARG001 - a door's handler gets it
    """What stands in the calendar of somebody who has a place, in one file."""
    mine = mine_of(guest)
    if mine.stage != "confirmed" or not mine.entries:
        raise NotHere
    data = calendar_of(mine.scene, mine.entries, guest.house.now())
    headers = {"content-disposition": 'attachment; filename="kierros.ics"'}
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


# -- the way of an answer ----------------------------------------------------------------------------------------------


def signed(guest: Guest) -> dict[str, Any]:
    """Who says it, about whom, and when."""
    return {"at": guest.house.now(), "actor": guest.link.ref, "person": guest.link.ref}


async def answered(request: Request, guest: Guest, wish: Command, *, form: Form | None = None, **more: Any) -> Response:
    """Takes an answer, and leads back to her page; one that is refused is told there, with what was typed."""
    became = await taken(request, guest, wish, **more)
    if became.became != "refused":
        return RedirectResponse(guest.here, 303)
    if isinstance(wish, Register) and more.get("told"):
        mine = await asked(mine_of, guest)
        if mine.place is None:
            await asked(guest.house.store.tell, guest.link.cycle, guest.link.ref, nothing_told(mine), guest.house.now())
    return await _again(request, guest, 409, form=form, refused=became.sentence)


async def _again(
    request: Request, guest: Guest, status: int, *, form: Form | None = None, refused: str = ""
) -> Response:
    """Her page as things stand now, with what was wrong; made in a thread, for it asks the store."""

    def made() -> Response:
        mine = mine_of(guest)
        same = form if form is not None and (form.errors or _fields(form) == _fields(_form_of(guest, mine))) else None
        return shown(request, guest, mine, status, form=same, refused=refused)

    return await asked(made)


def _fields(form: Form) -> set[str]:
    return {one.name for one in form.fields}


async def taken(request: Request, guest: Guest, wish: Command, **more: Any) -> Answered:
    """Keeps an answer together with how things stood on the page from which it came."""
    seen = request.state.form.word(SEEN)[:MOST_SEEN]
    return await take(guest, wish, seen=seen if clean(seen) else "", **more)


_BEHIND = {
    "": Door(show),
    "yes": Door(show, say_yes),
    "offer": Door(show, offer),
    "date": Door(show, new_date),
    "decline": Door(ask_decline, decline),
    "withdraw": Door(ask_withdraw, withdraw),
    "colleague": Door(ask_colleague, colleague),
    "needs": Door(ask_needs, needs),
    "calendar.ics": Door(calendar),
}
doors = {"invitation": _BEHIND, "place": _BEHIND}
