"""My data: to see, to put right, to take along, to have erased; and which letters somebody wants.

These pages stay open when the cycle is over. Whoever asks to be erased gets a letter: only the link in that letter
erases, so that nobody does it who has only found an older one.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.addresses import address_field, name_field
from portal.doors import Door, Guest
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.look import page
from portal.shown.participant_data import KINDS, Kept, ends_with, zones
from portal.speech import NAMES
from store.faults import AddressTaken
from store.models import Person
from store.refs import normal_address
from workers.erasing import erase

CONFIRMS = "erase"
"""What the link of the letter is about that asks whether somebody is to be erased."""


def show(request: Request, guest: Guest) -> Response:
    """Everything that is kept of her."""
    person, cycle = _person(guest), guest.link.cycle
    store = guest.house.store
    kept = Kept(guest, store.kept_of(cycle, person.ref), store.opt_outs(cycle, person.ref))
    said = request.query_params.get("said", "")
    return page(
        request, "participant/data.jinja", kept=kept, here=guest.here, said=said, confirms=guest.link.about == CONFIRMS
    )


def _person(guest: Guest) -> Person:
    if guest.person is None:
        raise NotHere
    return guest.person


def download(request: Request, guest: Guest) -> Response:  # noqa: ARG001 - a door's handler gets it
    """The same as plain data, for other programs."""
    kept = guest.house.store.kept_of(guest.link.cycle, _person(guest).ref)
    data = json.dumps(kept, ensure_ascii=False, indent=2, default=str).encode()
    headers = {"content-disposition": 'attachment; filename="kierros-my-data.json"'}
    return Response(data, media_type="application/json", headers=headers)


# -- putting right -----------------------------------------------------------------------------------------------------


def correction(guest: Guest) -> Form:
    """Her name, address, language and time zone, as they stand."""
    words, person = guest.words, _person(guest)
    return Form(
        words,
        [
            name_field(words, "name", words.gettext("Name"), autocomplete="name", value=person.name),
            address_field(
                words, "address", words.gettext("E-mail address"), autocomplete="email", value=person.address,
                hint=words.gettext("If you change it, a letter goes to the new address, with your links."),
            ),
            Field(
                "language", words.gettext("Language of letters"), kind="select",
                options=list(NAMES.items()), value=person.language,
            ),
            Field(
                "zone", words.gettext("Time zone"), kind="select", options=zones(words, person.zone), value=person.zone,
                hint=words.gettext("Letters tell times also by your own clock."),
            ),
        ],
    )  # fmt: skip


def ask_correction(request: Request, guest: Guest) -> Response:
    """The form to put things right."""
    return page(request, "participant/correct.jinja", form=correction(guest), here=guest.here)


def correct(request: Request, guest: Guest) -> Response:
    """Puts it right. A new address is written to, with her links, so that she sees whether it is the right one."""
    person, store, cycle = _person(guest), guest.house.store, guest.link.cycle
    form = correction(guest).read(request.state.form)
    said = {name: form.word(name) for name in ("address", "language", "zone")}
    if not form.errors:
        try:
            store.correct_person(cycle, person.ref, name=" ".join(form.word("name").split()), **said)
        except AddressTaken:
            form.wrong("address", guest.words.gettext("This address cannot be used in this cycle. Give another one."))
    if form.errors:
        return page(request, "participant/correct.jinja", 422, form=form, here=guest.here)
    if normal_address(said["address"]) != person.address_norm:
        store.send_links(cycle, person.ref)
        return RedirectResponse(f"{guest.here}?said=address", 303)
    return RedirectResponse(f"{guest.here}?said=corrected", 303)


# -- letters -----------------------------------------------------------------------------------------------------------


def wanted(request: Request, guest: Guest) -> Response:
    """Ends letters of a kind, or has them sent again."""
    person, store, cycle = _person(guest), guest.house.store, guest.link.cycle
    kind, wish = request.state.form.word("kind"), request.state.form.word("wish")
    if kind not in KINDS or wish not in {"yes", "no"}:
        raise NotHere
    for one in ends_with(kind):
        if wish == "no":
            store.opt_out(cycle, person.ref, one, guest.house.now())
        else:
            store.opt_in(cycle, person.ref, one)
    return RedirectResponse(f"{guest.here}?said=letters", 303)


# -- erasing -----------------------------------------------------------------------------------------------------------


def ask_erasing(request: Request, guest: Guest) -> Response:
    """What goes and what stays, before she asks for it."""
    return page(request, "participant/erase.jinja", person=_person(guest), here=guest.here)


def ask_to_confirm(request: Request, guest: Guest) -> Response:  # noqa: ARG001 - a door's handler gets it
    """Sends the letter by which she confirms."""
    guest.house.store.ask_to_confirm(guest.link.cycle, _person(guest).ref, guest.house.now())
    return RedirectResponse(f"{guest.here}?said=erase", 303)


def confirm_page(request: Request, guest: Guest) -> Response:
    """The last question."""
    return page(request, "participant/erase_confirm.jinja", person=_confirming(guest), here=guest.here)


def confirmed(request: Request, guest: Guest) -> Response:
    """Erases her. The links of her letters open nothing any more."""
    house, person = guest.house, _confirming(guest)
    done = erase(house.settings, house.store, guest.link.cycle, person.ref)
    return page(request, "participant/erased.jinja", done=done.done_at is not None)


def _confirming(guest: Guest) -> Person:
    """Who she is, if she came by the link of the letter that asks."""
    if guest.link.about != CONFIRMS:
        raise NotHere
    return _person(guest)


doors = {
    "data": {
        "": Door(show),
        "my-data.json": Door(download),
        "correct": Door(ask_correction, correct),
        "letters": Door(show, wanted),
        "erase": Door(ask_erasing, ask_to_confirm),
        "erase/confirm": Door(confirm_page, confirmed),
    }
}
