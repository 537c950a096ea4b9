"""Who of the staff is at the door, and the way to the sign-in page for whoever is not.

A session is looked up anew for every request: signing out, and the loss of the right to act, count at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from exchange.state import Cycle
from portal.faults import NotHere, Turned
from portal.house import House, house
from portal.look import page
from portal.seals import session_token
from portal.shown.staff_names import Spoken
from portal.speech import PageWords, words_of
from store.faults import CycleNewer, NoSuchCycle
from store.models import CycleRow, Session, Staff
from telling.names import titled
from telling.sentences import asks
from workers.known import known_names, texts_waiting
from workers.signing import PROOFS, Hand
from workers.trouble import Trouble

SIGN_IN = "/sign-in"
"""Where staff ask for their link; ``?back=`` says where they wanted to go."""


@dataclass(frozen=True)
class Colleague:
    """A member of staff who has signed in."""

    house: House
    staff: Staff
    session: Session
    words: PageWords

    @property
    def ref(self) -> str:
        return self.staff.ref

    @property
    def hand(self) -> Hand:
        """What signs her decisions and what she types in, as long as she is signed in."""
        return Hand(self.house.store, self.house.keys.derived(PROOFS), self.session)

    def case(self, cycle: str) -> Case:
        """A cycle as it stands now. Everybody of the staff may look; who may decide, the rules know.

        Raises:
            NotHere: there is none of that id.
        """
        try:
            row, state = self.house.store.cycle(cycle), self.house.store.load(cycle)
        except (NoSuchCycle, CycleNewer):
            raise NotHere from None
        return Case(self, row, state)

    def cases(self) -> tuple[list[Case], list[Trouble]]:
        """All cycles that are open, and those of them that only a newer release can read."""
        found, newer = [], []
        for row in self.house.store.cycles():
            if not row.open:
                continue
            try:
                found.append(Case(self, row, self.house.store.load(row.id)))
            except CycleNewer as why:
                newer.append(Trouble("newer", row.id, about=str(why.version)))
        return told_apart(found), newer


@dataclass(frozen=True)
class Case:
    """One cycle on somebody's desk."""

    who: Colleague
    row: CycleRow
    state: Cycle
    apart: str = ""
    """What tells it apart from others of the same theme, where they are listed together."""

    @property
    def id(self) -> str:
        return self.row.id

    @cached_property
    def words(self) -> PageWords:
        """The reader's words; for texts of the plan that are not in her language, in one of the plan's."""
        return self.who.words.falling_back(tuple(self.state.plan.languages))

    @cached_property
    def names(self) -> Spoken:
        """The names of everybody and everything in it, and the words of what waits."""
        named = self.naming(texts_waiting(self.state))
        found = titled(named, {word.id: word.subject for word in self.state.words.values()})
        asked = {f"prompt:{key}": asks(prompt, found) for key, prompt in self.state.prompts.items()}
        return replace(named, known={**found.known, **asked})

    def naming(self, texts: list[str]) -> Spoken:
        """The same with the words behind the text references given."""
        store, plan = self.who.house.store, self.state.plan
        return Spoken(plan, known_names(store, plan, texts, self.words.pick), self.words)

    @property
    def theme(self) -> str:
        theme = self.words.pick(self.row.theme_name)
        return f"{theme} ({self.apart})" if self.apart else theme

    @property
    def programme(self) -> str:
        return self.words.pick(self.state.plan.programme_name)

    @property
    def here(self) -> str:
        """The path of the cycle's board."""
        return f"/staff/cycles/{self.id}"


def told_apart(cases: list[Case]) -> list[Case]:
    """The same, those of one theme named with their programmes too; where these are the same, with their ids."""
    themes = Counter(case.theme for case in cases)
    programmes = Counter((case.theme, case.programme) for case in cases)
    return [
        case
        if themes[case.theme] == 1
        else replace(case, apart=case.programme if programmes[case.theme, case.programme] == 1 else case.id)
        for case in cases
    ]


def staff_page(request: Request, who: Colleague, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the desk: with who has signed in, and the way to the other pages."""
    case = values.get("case")
    # the board itself says more of it
    request.state.practice = case is not None and case.row.practice and template != "board.jinja"
    return page(request, template if "/" in template else f"staff/{template}", status, me=who.staff, **values)


Page = Callable[[Request, Colleague], Response]


def signed_in(handler: Page) -> Callable[[Request], Response]:
    """A page for staff alone: whoever is not signed in is shown the way to it, and back again."""

    @wraps(handler)
    def guarded(request: Request) -> Response:
        return handler(request, colleague(request))

    return guarded


def colleague(request: Request) -> Colleague:
    """Who has signed in.

    Raises:
        Turned: nobody has; to the sign-in page, or, where something was to be done, to the page that says so.
    """
    here, token = house(request), session_token(request)
    session = here.store.session(token, "portal", here.now()) if token else None
    staff = here.store.get_staff([session.staff]).get(session.staff) if session else None
    if session is None or staff is None or not staff.active:
        raise _shown_the_way(request)
    return Colleague(here, staff, session, words_of(request, own=staff.language))


def _shown_the_way(request: Request) -> Turned:
    if request.method not in {"GET", "HEAD"}:
        return Turned(403, "signed_out")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Turned(303, "signed_out", headers={"location": f"{SIGN_IN}?{urlencode({'back': asked})}"})
