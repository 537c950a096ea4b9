"""What a host says of the visit that it has received."""

from __future__ import annotations

from exchange.booking import Booking, HoldVisit
from exchange.host_feedback import GiveHostFeedback, HostFeedbackGiven, NotVisited
from exchange.state import Cycle
from tests.builders import after, answer, day, journey, slot, time
from tests.given import Outcome, fact, given, refuses

SLOT = slot("first", 40, "helsinki", "oslo")


def held() -> Cycle:
    """Helsinki has received the group."""
    return after(journey(SLOT), answer("helsinki", "confirm"), time(HoldVisit, day(42), step="visits", slot="first"))


def told(rating: str = "4", host: str = "helsinki", at: int = 43, **words: str) -> GiveHostFeedback:
    about = {"at": day(at), "actor": "p_sanna", "host": host, "step": "visits", "slot": "first", "rating": rating}
    return GiveHostFeedback.model_validate(about | words)


def booking(cycle: Cycle) -> Booking:
    return cycle.booking("visits", "first")


def test_a_host_tells_how_the_visit_went() -> None:
    outcome = given(held()).when(told(gained="n_much", better="n_longer"))
    outcome.then(fact(HostFeedbackGiven, host="helsinki", rating="4", gained="n_much", better="n_longer")).writes()
    heard = booking(outcome.cycle).heard
    assert heard is not None
    assert (heard.rating, heard.gained, heard.at) == ("4", "n_much", day(43))


def test_what_it_says_last_counts() -> None:
    cycle = after(held(), told("4", gained="n_much"), told("2", at=44))
    heard = booking(cycle).heard
    assert heard is not None
    assert (heard.rating, heard.gained) == ("2", "")


@refuses(NotVisited("helsinki", "first"))
def test_before_the_visit_there_is_nothing_to_tell() -> Outcome:
    return given(after(journey(SLOT), answer("helsinki", "confirm"))).when(told())


@refuses(NotVisited("oslo", "first"))
def test_only_the_host_that_was_visited_tells() -> Outcome:
    return given(held()).when(told(host="oslo"))


def test_a_stay_of_which_nothing_was_said_looks_as_it_did_before_hosts_were_asked() -> None:
    assert "heard" not in booking(held()).model_dump()
