"""An invited person names a colleague of her library: one deed, by which she declines and the colleague asks."""

from __future__ import annotations

from typing import Any

from exchange.extending import Extend
from exchange.invitation import AlreadyTakesPart, DeclineInvitation, NotInvited
from exchange.places import AlreadyRegistered, NotFromTheSameLibrary
from exchange.registration import DelegateRegistered, DelegateWaitlisted, Register
from exchange.state import Cycle
from tests.builders import after, begun, day, invitations, on, passed, register, registration, seminar
from tests.given import Outcome, fact, given, refuses


def invited(**changes: Any) -> Cycle:
    """Anna of Gusev and Boris of Sovetsk are invited."""
    homes = {"p_anna": "gusev", "p_boris": "sovetsk"}
    return passed(begun(invitations("p_anna", "p_boris"), registration(**changes), seminar(), homes=homes), 2)


def named(colleague: str = "p_new", **changes: Any) -> Register:
    said = {"at": day(3), "actor": "p_anna", "person": colleague, "home": "gusev", "instead_of": "p_anna"}
    return Register(**{**said, **changes})


def answers(cycle: Cycle) -> dict[str, str]:
    return dict(cycle.guests("invitations").answers.items())


def test_she_declines_and_the_colleague_is_registered_in_one_line() -> None:
    outcome = given(invited()).when(named())
    outcome.then(fact(DelegateRegistered, person="p_new", instead_of="p_anna", actor="p_anna"))
    outcome.leaves(answers, {"p_new": "registered", "p_anna": "declined"})
    outcome.writes(("place_confirmed", ("p_new",)))


def test_where_the_libraries_choose_the_colleague_hears_that_her_library_would_like_to_send_her() -> None:
    outcome = given(invited(places="nominated", per_library=1)).when(named())
    (letter,) = outcome.mails()
    assert (letter.kind, letter.to, letter.facts) == ("application_received", ("p_new",), {"home": "gusev"})


def test_beyond_the_places_the_colleague_waits() -> None:
    cycle = after(invited(capacity=1), register("p_boris", home="sovetsk"))
    given(cycle).when(named()).then(fact(DelegateWaitlisted, instead_of="p_anna")).leaves(
        lambda cycle: answers(cycle)["p_anna"], "declined"
    )


def test_she_may_still_come_after_all() -> None:
    given(after(invited(), named())).when(register("p_anna", home="gusev")).leaves(
        lambda cycle: answers(cycle)["p_anna"], "registered"
    )


def test_who_has_declined_may_still_name_a_colleague() -> None:
    no = DeclineInvitation(at=day(2), actor="p_anna", person="p_anna")
    given(after(invited(), no)).when(named()).then(fact(DelegateRegistered, instead_of="p_anna"))


def test_her_own_longer_time_counts_for_the_colleague_too() -> None:
    more = Extend(at=day(4), actor="s_olga", person="p_anna", until=on(10), reason="n_1")
    late = after(invited(closes=on(5)), more)
    given(passed(late, 6)).when(named(at=day(6))).leaves(lambda cycle: cycle.is_in("p_new"), True)


@refuses(NotInvited("p_stranger"))
def test_only_who_is_invited_names_somebody_so() -> Outcome:
    return given(invited()).when(named(instead_of="p_stranger"))


@refuses(AlreadyTakesPart("p_anna"))
def test_whoever_takes_part_sends_a_substitute_instead() -> Outcome:
    return given(after(invited(), register("p_anna", home="gusev"))).when(named())


@refuses(NotFromTheSameLibrary("p_anna", "p_new", "gusev"))
def test_the_colleague_is_of_the_same_library() -> Outcome:
    return given(invited()).when(named(home="sovetsk"))


@refuses(AlreadyRegistered("p_new", "confirmed"))
def test_and_has_no_place_already() -> Outcome:
    return given(after(invited(), register("p_new", home="gusev"))).when(named())
