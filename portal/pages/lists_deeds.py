"""Typed in for people and their libraries: somebody who was not invited, a colleague instead, whom a library sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exchange.base import Command
from exchange.nominating import Nominate
from exchange.registration import Register
from exchange.substituting import Substitute
from plans.addresses import read_address
from plans.faults import Misread
from portal.addresses import address_field, name_field
from portal.deeds import Deed, Wrong, person_at, reason, someone
from portal.forms import Field, Form
from portal.speech import NAMES, mark
from portal.staff import Case
from store.models import Person

NEW = "p_new"
"""Stands in for somebody until she is made known."""


def _told(case: Case, actor: str) -> dict[str, Any]:
    return {"at": case.who.house.now(), "entered_by": case.who.ref, "actor": actor}


def _who(case: Case, field: str, label: str) -> list[Field]:
    """The address of somebody whom the cycle may not know; name and language for whom it does not."""
    say = case.words.gettext
    tongues = [(code, case.names.language(code)) for code in NAMES]
    only = say("Only for somebody whom the cycle does not know yet.")
    return [
        address_field(case.words, field, label),
        name_field(case.words, "name", say("Name"), required=False, hint=only),
        Field("language", say("Language of the letters"), kind="select", required=False, options=tongues),
    ]


def _somebody(case: Case, form: Form, field: str, home: str, otherwise: str = "") -> Person:
    """Whom the cycle knows by the address, or somebody new who is not kept yet.

    Raises:
        Wrong: the address is none, or belongs to somebody of another name; or she is new and her name is missing.
    """
    say, plan = case.words.gettext, case.state.plan
    try:
        known = case.who.house.store.by_address(case.id, read_address(form.word(field)))
    except Misread:
        raise Wrong(field, say("This is no e-mail address. Write it like anna@library.example.")) from None
    name = " ".join(form.word("name").split())
    if known is not None:
        if name and name != known.name:
            said = say("This address belongs to somebody else in this cycle: %(person)s.", person=known.name)
            raise Wrong(field, said)
        return known
    if not name:
        raise Wrong("name", say("Nobody in this cycle has that address yet. Give the name, too."))
    place = plan.organisation(home)
    language, zone = form.word("language") or otherwise or plan.languages[0], place.zone if place else plan.zone
    return Person(name=name, address=form.word(field), language=language, zone=zone, home=home)


# -- somebody who was not invited ------------------------------------------------------------------------------------


def _desks(case: Case) -> list[tuple[str, str]]:
    return [(step.id, case.names.step(step.id)) for step in case.state.desks_in_plan()]


def _register_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say, desks = case.words.gettext, _desks(case)
    libraries = [(one.id, case.names.host(one.id)) for one in case.state.plan.organisations]
    found = [
        *_who(case, "address", say("Her e-mail address")),
        Field("library", say("Her library"), kind="select", required=False, options=libraries),
    ]
    which = Field("step", say("Registration"), kind="select", options=desks)
    return [*found, which] if len(desks) > 1 else found


def _register(case: Case, form: Form) -> Command:
    person = _somebody(case, form, "address", form.word("library"))
    ref, home = person.ref or NEW, form.word("library") or person.home
    return Register(**_told(case, ref), person=ref, home=home, step=form.word("step"))


def _registered(case: Case, form: Form, wish: Command) -> Command:
    person = _somebody(case, form, "address", form.word("library"))
    ref = person.ref or case.who.house.store.find_or_add(case.id, person)
    return wish.model_copy(update={"actor": ref, "person": ref})


# -- a colleague instead ---------------------------------------------------------------------------------------------


def _instead_fields(case: Case, query: Mapping[str, str]) -> list[Field]:
    who = _who(case, "by", case.words.gettext("E-mail address of who comes instead, from the same library"))
    return [someone(case, query), *who, reason(case, required=False)]


def _colleague(case: Case, form: Form) -> tuple[Person, Person, str]:
    """Who cannot come, who comes instead, and the library where she is new."""
    person = person_at(case, form)
    _, place = case.state.place(person.ref)
    home = place.home if place else person.home
    other = _somebody(case, form, "by", home, person.language)
    return person, other, "" if other.ref else home


def _instead(case: Case, form: Form) -> Command:
    person, other, home = _colleague(case, form)
    return Substitute(**_told(case, person.ref), person=person.ref, by=other.ref or NEW, home=home)


def _instead_known(case: Case, form: Form, wish: Command) -> Command:
    _, other, _ = _colleague(case, form)
    return wish.model_copy(update={"by": other.ref or case.who.house.store.find_or_add(case.id, other)})


# -- whom a library sends ----------------------------------------------------------------------------------------------


def _choosing(case: Case) -> list[tuple[str, str]]:
    """The people of libraries that have still to say whom they send: ``registration/library/person``."""
    found = []
    for step, desk in case.state.desk_books.items():
        open_ = [home for home, asked in desk.nominations.items() if not asked.done]
        found += [
            (f"{step}/{place.home}/{ref}", f"{case.names.who(ref)} ({case.names.host(place.home)})")
            for ref, place in desk.people.items()
            if place.home in open_ and place.state == "applied"
        ]
    return found


def _nominate_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    hint = case.words.gettext("Of one library at a time.")
    return [Field("people", case.words.gettext("Whom it sends"), kind="checkboxes", options=_choosing(case), hint=hint)]


def _nominate(case: Case, form: Form) -> Command:
    picked = [one.split("/") for one in form.chosen("people")]
    if len({(step, home) for step, home, _ in picked}) != 1:
        raise Wrong("people", case.words.gettext("These are of several libraries. Note one library after the other."))
    step, home, _ = picked[0]
    actor = case.state.plan.contacts.get(home, case.state.plan.starter)
    return Nominate(**_told(case, actor), step=step, home=home, people=tuple(ref for _, _, ref in picked))


def _going(case: Case) -> bool:
    return case.row.open and case.state.standstill is None


OF_LISTS = (
    Deed(
        "register", mark("Register somebody"), mark("She telephoned or wrote, and wishes for a place."),
        mark("Register her"), _register_fields, _register, words={}, last=_registered, entered=True,
        fits=lambda case: _going(case) and bool(_desks(case)),
    ),
    Deed(
        "instead", mark("A colleague comes instead"),
        mark("Somebody of the same library takes her place; the waiting list is not touched by it."),
        mark("Let her take the place"), _instead_fields, _instead, last=_instead_known, entered=True,
        fits=lambda case: _going(case) and bool(case.state.group()),
    ),
    Deed(
        "nominate", mark("Note whom a library sends"), mark("Where more of its people ask than it has places."),
        mark("Note it"), _nominate_fields, _nominate, words={}, entered=True,
        fits=lambda case: _going(case) and bool(_choosing(case)),
    ),
)  # fmt: skip
