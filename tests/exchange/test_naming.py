"""Libraries that say whom they send are invited to name people: with the invitations, once, and reminded in time."""

from __future__ import annotations

from typing import Any

from exchange.approval import Prepare
from exchange.cancelling import Cancel
from exchange.correspondence import held, letters
from exchange.cycle import decide
from exchange.invitation import InvitedReminded, NothingToRemind, RemindInvited
from exchange.mail import Mail
from exchange.moving import Move
from exchange.overtaken import overtaken
from exchange.state import Cycle
from tests.builders import (
    OLGA,
    after,
    approval,
    approve,
    begun,
    day,
    invitations,
    on,
    passed,
    register,
    registration,
    seminar,
    time,
    visits,
    waiting_for,
)
from tests.given import Outcome, fact, given, refuses

CONTACTS = {"gusev": "p_gusev", "sovetsk": "p_sovetsk", "oslo": "p_oslo"}
"""Two home libraries, and a host."""


def choosing(days: float = 2, places: str = "nominated", **changes: Any) -> Cycle:
    """The libraries say whom they send; Anna of Gusev and Boris of Kaliningrad are invited."""
    steps = (
        invitations("p_anna", "p_boris", **changes),
        registration(places=places, per_library=1),
        seminar(),
        visits(),
    )
    homes = {"p_anna": "gusev", "p_boris": "kaliningrad"}
    return passed(begun(*steps, homes=homes, contacts=CONTACTS), days)


def remind(at: float, number: int = 1) -> Any:
    return time(RemindInvited, day(at), step="invitations", number=number)


def to_contacts(mails: list[Mail]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(mail.op, mail.kind, mail.host, mail.to) for mail in mails if mail.kind.startswith("nomination")]


def about(home: str, step: str = "invitations") -> dict[str, str]:
    return {"step": step, "host": home}


def test_their_letters_wait_for_the_same_approval_as_the_invitations() -> None:
    cycle = after(choosing(-1), time(Prepare, day(0), step="invitations"))
    assert [(mail.op, mail.kind, mail.host, mail.to) for mail in held(cycle, "invitations")] == [
        ("hold", "invitation", "", ("p_anna", "p_boris")),
        ("hold", "nomination_invitation", "gusev", ("p_gusev",)),
        ("hold", "nomination_invitation", "sovetsk", ("p_sovetsk",)),
    ], "and a library that only receives the group is not asked"


def test_what_was_approved_is_released_and_leaves_when_registration_opens() -> None:
    cycle = choosing(0, approval=approval())
    (event,) = [e for e in decide(cycle, _agreed(cycle)) if type(e).__name__ == "InvitationsSent"]
    mails = letters(cycle, event, after(cycle, _agreed(cycle)))
    first, *rest = [mail for mail in mails if mail.kind == "nomination_invitation"]
    assert (first.op, first.batch, first.host, first.to) == ("release", "invitations/1", "gusev", ("p_gusev",))
    assert [mail.host for mail in rest] == ["sovetsk"]
    assert event.at + first.rest == day(1), "the desk opens"


def _agreed(cycle: Cycle) -> Any:
    return approve(waiting_for(cycle, "invitations"), at=day(0.5), actor=OLGA)


def test_where_places_are_not_nominated_no_library_is_asked() -> None:
    cycle = after(choosing(-1, places="first_come"), time(Prepare, day(0), step="invitations"))
    assert to_contacts(held(cycle, "invitations")) == []


def test_a_library_is_reminded_until_somebody_of_it_has_asked() -> None:
    outcome = given(after(choosing(), register("p_anna", home="gusev"))).when(remind(8))
    outcome.then(fact(InvitedReminded, count=2))
    outcome.writes(("invitation_reminder", ("p_boris",)), ("nomination_reminder", ("p_sovetsk",)))


def test_a_reminder_goes_to_libraries_also_when_everybody_invited_has_answered() -> None:
    cycle = after(choosing(), register("p_anna", home="gusev"), register("p_boris", home="kaliningrad"))
    given(cycle).when(remind(8)).writes(("nomination_reminder", ("p_sovetsk",)))


@refuses(NothingToRemind("invitations"))
def test_nobody_is_reminded_when_all_have_asked() -> Outcome:
    cycle = after(
        choosing(),
        register("p_anna", home="gusev"), register("p_boris", home="kaliningrad"), register("x", home="sovetsk"),
    )  # fmt: skip
    return given(cycle).when(RemindInvited(at=day(8), actor=OLGA, step="invitations"))


def test_a_moved_deadline_is_told_to_the_contacts() -> None:
    outcome = given(choosing()).when(
        Move(at=day(5), actor=OLGA, step="registration", field="closes", when=on(21), reason="n_1")
    )
    (first, second) = outcome.mails("nomination_moved")
    assert (first.host, first.to, first.instead) == ("gusev", ("p_gusev",), True)
    assert second.host == "sovetsk"


def test_letters_to_contacts_lose_their_sense_with_the_closing_and_reminders_with_the_first_who_asks() -> None:
    cycle = choosing()
    for kind in ("nomination_invitation", "nomination_reminder"):
        assert not overtaken(cycle, kind, "p_gusev", about("gusev"), day(5))
        assert overtaken(cycle, kind, "p_gusev", about("gusev"), day(21))
    assert not overtaken(cycle, "nomination_moved", "p_gusev", about("gusev", "registration"), day(5))
    asked = after(cycle, register("p_anna", home="gusev"))
    assert overtaken(asked, "nomination_reminder", "p_gusev", about("gusev"), day(5))
    assert not overtaken(asked, "nomination_invitation", "p_gusev", about("gusev"), day(5))


def test_who_was_asked_to_name_people_hears_of_a_cancellation_once() -> None:
    cancel = Cancel(at=day(5), actor=OLGA, reason="n_1")
    told = [person for mail in given(choosing()).when(cancel).mails("cycle_cancelled") for person in mail.to]
    assert told.count("p_gusev") == 1
    assert "p_oslo" not in told
    earlier = given(choosing(0, approval=approval())).when(cancel.model_copy(update={"at": day(0)}))
    assert "p_gusev" not in [person for mail in earlier.mails("cycle_cancelled") for person in mail.to]
