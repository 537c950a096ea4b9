"""What became of an answer, in a sentence to whoever gave it.

The refusals of the rules speak to staff, of references and commands. People are told what is the case for them, and
what they can do; a refusal that has no sentence of its own here has a general one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exchange.plan import When
from portal.doors import Guest
from portal.speech import PageWords, mark

TAKEN = mark(
    "It counts from the moment in which you sent it. As soon as it is decided, you see it on this page; where it "
    "changes something for you, you also get a letter."
)
OVER = mark("This cycle is over, so nothing can be answered any more. Thank you for having been part of it.")
GENERAL = mark(
    "Your answer could not be accepted as things stand now. Look at the page once more: something may have changed "
    "meanwhile. If it is still unclear, reply to any of our letters."
)

SAID = {
    # a place
    "RegistrationClosed": mark(
        "The time to answer was over at %(moment)s. If you would still like to come, reply to any of our letters."
    ),
    "RegistrationNotOpen": mark("Registration opens at %(moment)s. Please come back then."),
    "AlreadyRegistered": mark("You are registered already: one person has one place."),
    "NotRegistered": mark("You have no place and wait for none, so there is nothing to change."),
    "NoOffer": mark("No place is on offer to you now."),
    "NotInvited": mark("You were not invited to this cycle, so there is no invitation to decline."),
    "AlreadyTakesPart": mark("You are registered already. To give your place up, withdraw on the page of your place."),
    "NotFromTheSameLibrary": mark(
        "Your place is one of your library, and only a colleague of the same library can take it. You can withdraw "
        "instead: then the next person on the waiting list is offered the place."
    ),
    # a visit that has moved
    "NotAskedAnew": mark("None of your visits has moved, so there is nothing to answer."),
    "WhichVisit": mark("You are asked about several visits. Answer for each of them."),
    "AboutAnEarlierDate": mark(
        "The visit has moved once more: it begins at %(stands)s now. Your answer was about the earlier time and does "
        "not count; please look at the new one."
    ),
    "WhichDate": mark("The visit has moved to %(stands)s. Please look at the new time, and answer once more."),
    "VisitHasBegun": mark("This visit has begun already, so there is nothing to answer any more."),
    # feedback
    "FeedbackNotOpen": mark("The questions have not been opened yet. You will get a letter when they are."),
    "FeedbackClosed": mark("The time for answers is over. If there is something we should know, reply to our letter."),
    "DidNotTakePart": mark("Feedback is asked of those who took part. If you did, reply to any of our letters."),
    "FeedbackAlreadyGiven": mark("You have answered already, and your first answers count. Thank you."),
    # a host
    "NotAsked": mark("Your library is not asked for any visit at present."),
    "WhichSlot": mark("Your library is asked for several visits. Answer for each of them."),
    "AlreadyAnswered": mark("Your library has answered about this visit before. To change it, write to us."),
    "ProposalIncomplete": mark(
        "Say when the visit would begin and when it would end; the end comes after the beginning."
    ),
    "TooLateToPropose": mark(
        "We have gone on meanwhile, so another time cannot be proposed any more. A yes to the time that we asked for "
        "still reaches us."
    ),
    "ThatIsItsDate": mark("That is when the visit is anyway, so there is nothing to move."),
    "WishedAlready": mark("You have asked for that time already. You will get a letter as soon as it is decided."),
    "AlreadyHappened": mark("The visit has begun, so it cannot be moved any more."),
    "MovedIntoPast": mark("That time is over. Choose one that is still to come."),
    "NotVisited": mark("Your library has not received this visit, so there is nothing to tell about it."),
    "HostBusy": mark("Your library receives another group in these days."),
    # a library that chooses
    "NothingToNominate": mark("Your library is not asked to choose at present, or has chosen already."),
    "NominationOver": mark("You could choose until %(moment)s. Those who asked first are sent."),
    "NotFromThere": mark("Choose among those of your library who asked for a place."),
    "MoreThanItsPlaces": mark("You chose more people than your library has places. Choose fewer."),
    # the cycle
    "CycleOver": OVER,
    "CycleStandsStill": mark(
        "This cycle is interrupted at present. Your answer is not lost: write to us, or come back when it goes on."
    ),
    "Defect": mark("Your answer is kept, but our program could not read it. We look at it ourselves and write to you."),
}
"""The sentence for each refusal that people can meet."""

OTHERS = {
    "AlreadyRegistered": mark("The colleague whom you name has a place already. Name somebody else."),
}
"""Where the refusal is about somebody else whom the reader named."""
EXPIRED = mark("The time to answer this offer is over: the place went on to the next person who waits.")

_MOMENTS = ("since", "opens", "until")


def taken(words: PageWords) -> str:
    """The answer is kept, and not decided yet."""
    return words.gettext(TAKEN)


def over(words: PageWords) -> str:
    """Nobody decides anything in the cycle any more."""
    return words.gettext(OVER)


def refusal(guest: Guest, name: str, facts: Mapping[str, Any]) -> str:
    """Why an answer was refused, in the reader's language and by her clocks.

    Args:
        guest: who gave it.
        name: the refusal's.
        facts: its facts, as they were written down.
    """
    sentence = SAID.get(name, GENERAL)
    if facts.get("person", guest.link.ref) != guest.link.ref:
        sentence = OTHERS.get(name, sentence)
    if name == "NoOffer" and facts.get("state") == "expired":
        sentence = EXPIRED
    told = _told(guest, facts)
    missing = any(f"%({place})s" in sentence and place not in told for place in ("moment", "stands"))
    return guest.words.gettext(GENERAL if missing else sentence, **told)


def _told(guest: Guest, facts: Mapping[str, Any]) -> dict[str, str]:
    """The moments among the facts."""
    zone = guest.person.zone if guest.person else guest.plan.zone
    found = {}
    for field in _MOMENTS:
        if isinstance(said := facts.get(field), str):
            found["moment"] = guest.words.moment(datetime.fromisoformat(said), zone)
    if isinstance(stands := facts.get("stands"), dict):
        found["stands"] = guest.words.when(When.model_validate(stands))
    return found
