"""Deeds of staff as pages: a form, then what it will do, then the button that does it.

An area lists its deeds; :func:`portal.pages.staff_deeds` makes the pages. What a deed will do is asked of the rules
themselves, and nothing that was typed is kept before it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchange.base import Command, Refusal
from plans.addresses import read_address
from plans.faults import Misread
from portal.acting import NotDone, kept
from portal.forms import Field, Form
from portal.shown.staff_refusals import said_of
from portal.staff import Case
from store.models import Person

REASON = 1_000
STANDING_IN = "n_"
"""What stands for words that are kept only once the deed is done."""


class Wrong(Exception):
    """What was typed into a field cannot be taken.

    Args:
        field: its name.
        said: why, in the reader's language.
    """

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field, self.said = field, said


Wish = Callable[[Case, Form], Command]


@dataclass(frozen=True)
class Deed:
    """Something that staff can do to a cycle."""

    name: str
    """In the address of its page."""
    title: str
    lead: str
    button: str
    fields: Callable[[Case, Mapping[str, str]], list[Field]]
    """What is asked; the mapping is the query of the address, which may fill something in."""
    wish: Wish
    words: Mapping[str, str] = field(default_factory=lambda: {"reason": "reason"})
    """Fields of the command that refer to words, and the fields of the form where these are typed."""
    last: Callable[[Case, Form, Command], Command] = lambda _case, _form, wish: wish
    """Keeps what is new, once the rules have nothing against it: somebody who was not known, a letter's words."""
    more: Callable[[Case, Command], list[str]] = lambda _case, _wish: []
    """What is to be known besides."""
    entered: bool = False
    """It is somebody's answer, typed in for her: it goes into the inbox."""
    danger: bool = False
    fits: Callable[[Case], bool] = lambda case: case.row.open
    """Whether the page offers it now."""

    def address(self, case: Case) -> str:
        """The path of its page."""
        return f"{case.here}/do/{self.name}"

    def wished(self, case: Case, form: Form) -> Command:
        """The command, with stand-ins for its words.

        Raises:
            Wrong: a field cannot be taken.
            NotDone: it cannot be meant.
        """
        try:
            wish = self.wish(case, form)
        except Misread:
            raise NotDone(said_of(case.names, "Misread", {}), "Misread") from None
        except Refusal as no:
            raise NotDone(case.names.refusal(no), no.name) from None
        typed = {name: STANDING_IN for name, where in self.words.items() if form.word(where)}
        return wish.model_copy(update=typed)

    def kept(self, case: Case, form: Form, wish: Command) -> Command:
        """The command, with its words in the record."""
        refs = {name: kept(case, form.word(where), name) for name, where in self.words.items() if form.word(where)}
        return self.last(case, form, wish).model_copy(update=refs)


@dataclass(frozen=True)
class Elsewhere:
    """Something that staff can do to a cycle on a page of its own making."""

    title: str
    path: str
    """Of its page, with ``{cycle}`` where the cycle's id stands."""
    fits: Callable[[Case], bool] = lambda case: case.row.open

    def address(self, case: Case) -> str:
        """The path of its page."""
        return self.path.format(cycle=case.id)


def signed(case: Case) -> dict[str, Any]:
    """When, and by whom."""
    return {"at": case.who.house.now(), "actor": case.who.ref}


def reason(case: Case, *, required: bool = True) -> Field:
    """The field for the reason."""
    say = case.words.gettext
    hint = say("It is kept with the decision.")
    return Field("reason", say("Reason"), kind="textarea", required=required, most=REASON, hint=hint)


def in_two_places(case: Case) -> Field:
    """The field for what is known and meant: a visit comes to lie beside another."""
    say = case.words.gettext
    meant = ("yes", say("It is known and meant that the group is expected elsewhere at that time"))
    return Field("anyway", say("In two places at once"), kind="checkboxes", required=False, options=[meant])


def someone(case: Case, query: Mapping[str, str], name: str = "person") -> Field:
    """The field for a person's address; filled in where the page was reached from hers."""
    known = case.who.house.store.get_people([query["person"]]) if query.get("person", "").startswith("p_") else {}
    address = next((one.address for one in known.values() if one.cycle == case.id), "")
    return Field(name, case.words.gettext("E-mail address of the person"), kind="email", value=address)


def person_at(case: Case, form: Form, name: str = "person") -> Person:
    """The person of the address that was typed.

    Raises:
        Wrong: it is none, or nobody there has it.
    """
    try:
        found = case.who.house.store.by_address(case.id, read_address(form.word(name)))
    except Misread:
        raise Wrong(
            name, case.words.gettext("This is no e-mail address. Write it like anna@library.example.")
        ) from None
    if found is None:
        raise Wrong(name, case.words.gettext("Nobody in this cycle has that address."))
    return found


def moment(case: Case, form: Form, name: str, read: Callable[[str], Any]) -> Any:
    """A date or a moment that was typed.

    Raises:
        Wrong: it cannot be read, or there is no such time there.
    """
    try:
        return read(form.word(name))
    except Misread:
        said = case.words.gettext("No such date or time. Write it like 2027-04-12 10:00 or 12.4.2027.")
        raise Wrong(name, said) from None


def steps_of(case: Case) -> list[tuple[str, str]]:
    """The steps, to choose one of."""
    return [(step.id, case.names.step(step.id)) for step in case.state.plan.steps]


def when_hint(case: Case) -> str:
    """How a date or a moment is typed."""
    return case.words.gettext("Like 2027-04-12 10:00 or 12.4.2027; by the clocks of the place.")


def now_of(case: Case) -> datetime:
    """This instant."""
    return case.who.house.now()
