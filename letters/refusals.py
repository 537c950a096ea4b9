"""Why an answer was refused, in a sentence to whoever gave it: on a page, or in a letter.

The refusals of the rules speak to staff, of references and commands. People are told what is the case for them, and
what they can do; a refusal that has no sentence of its own here has a general one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from exchange.plan import When
from letters.library_kinds import N_
from letters.words import Words

OVER = N_("This cycle is over, so nothing can be answered any more. Thank you for having been part of it.")
GENERAL = N_(
    "Your answer could not be accepted as things stand now. Look at the page once more: something may have changed "
    "meanwhile. If it is still unclear, reply to any of our letters."
)

SAID = {
    # a place
    "RegistrationClosed": N_(
        "The time to answer was over at %(moment)s. If you would still like to come, reply to any of our letters."
    ),
    "RegistrationNotOpen": N_("Registration opens at %(moment)s. Please come back then."),
    "AlreadyRegistered": N_("You are registered already: one person has one place."),
    "NotRegistered": N_("You have no place and wait for none, so there is nothing to change."),
    "NoOffer": N_("No place is on offer to you now."),
    "NotInvited": N_("You were not invited to this cycle, so there is no invitation to decline."),
    "AlreadyTakesPart": N_("You are registered already. To give your place up, withdraw on the page of your place."),
    "NotFromTheSameLibrary": N_(
        "Your place is one of your library, and only a colleague of the same library can take it. You can withdraw "
        "instead: then the next person on the waiting list is offered the place."
    ),
    # a visit that has moved
    "NotAskedAnew": N_("None of your visits has moved, so there is nothing to answer."),
    "WhichVisit": N_("You are asked about several visits. Answer for each of them."),
    "AboutAnEarlierDate": N_(
        "The visit has moved once more: it begins at %(stands)s now. Your answer was about the earlier time and does "
        "not count; please look at the new one."
    ),
    "WhichDate": N_("The visit has moved to %(stands)s. Please look at the new time, and answer once more."),
    "VisitHasBegun": N_("This visit has begun already, so there is nothing to answer any more."),
    # feedback
    "FeedbackNotOpen": N_("The questions have not been opened yet. You will get a letter when they are."),
    "FeedbackClosed": N_("The time for answers is over. If there is something we should know, reply to our letter."),
    "DidNotTakePart": N_("Feedback is asked of those who took part. If you did, reply to any of our letters."),
    "FeedbackAlreadyGiven": N_("You have answered already, and your first answers count. Thank you."),
    # a host
    "NotAsked": N_("Your library is not asked for any visit at present."),
    "WhichSlot": N_("Your library is asked for several visits. Answer for each of them."),
    "AlreadyAnswered": N_("Your library has answered about this visit before. To change it, write to us."),
    "ProposalIncomplete": N_(
        "Say when the visit would begin and when it would end; the end comes after the beginning."
    ),
    "AskedForThat": N_("These are the dates for which we asked you. If they suit you, answer yes."),
    "TooLateToPropose": N_(
        "We have gone on meanwhile, so another time cannot be proposed any more. A yes to the time that we asked for "
        "still reaches us."
    ),
    "ThatIsItsDate": N_("That is when the visit is anyway, so there is nothing to move."),
    "WishedAlready": N_("You have asked for that time already. You will get a letter as soon as it is decided."),
    "AlreadyHappened": N_("The visit has begun, so it cannot be moved any more."),
    "MovedIntoPast": N_("That time is over. Choose one that is still to come."),
    "NotVisited": N_("Your library has not received this visit, so there is nothing to tell about it."),
    "HostBusy": N_("Your library receives another group in these days."),
    # a library that chooses
    "NothingToNominate": N_("Your library is not asked to choose at present, or has chosen already."),
    "NominationOver": N_("You could choose until %(moment)s. Those who asked first are sent."),
    "NotFromThere": N_("Choose among those of your library who asked for a place."),
    "MoreThanItsPlaces": N_("You chose more people than your library has places. Choose fewer."),
    # the cycle
    "CycleOver": OVER,
    "CycleStandsStill": N_(
        "This cycle is interrupted at present. Your answer is not lost: write to us, or come back when it goes on."
    ),
    "Defect": N_("Your answer is kept, but our program could not read it. We look at it ourselves and write to you."),
}
"""The sentence for each refusal that people can meet."""

OTHERS = {
    "AlreadyRegistered": N_("The colleague whom you name has a place already. Name somebody else."),
    "AlreadyRegistered/offered": N_(
        "A place is on offer already to the colleague whom you name, so nothing needs to be done. Name somebody else."
    ),
    "AlreadyRegistered/waiting": N_(
        "The colleague whom you name waits for a place already, so nothing needs to be done. Name somebody else."
    ),
    "AlreadyRegistered/applied": N_(
        "The colleague whom you name has been put down for a place already, so nothing needs to be done. Name somebody "
        "else."
    ),
}
"""Where the refusal is about somebody else whom the reader named."""
EXPIRED = N_("The time to answer this offer is over: the place went on to the next person who waits.")

_MOMENTS = ("since", "opens", "until")


def sentence(words: Words, name: str, facts: Mapping[str, Any], *, reader: str, tell: Callable[[datetime], str]) -> str:
    """Why an answer was refused, in the reader's language and by her clocks.

    Args:
        words: of her language.
        name: the refusal's.
        facts: its facts, as they were written down.
        reader: who gave the answer.
        tell: a moment in words, by her clocks.
    """
    said = SAID.get(name, GENERAL)
    if facts.get("person", reader) != reader:
        said = OTHERS.get(f"{name}/{facts.get('state')}") or OTHERS.get(name, said)
    if name == "NoOffer" and facts.get("state") == "expired":
        said = EXPIRED
    told = _told(words, facts, tell)
    missing = any(f"%({place})s" in said and place not in told for place in ("moment", "stands"))
    return words.gettext(GENERAL if missing else said, **told)


def _told(words: Words, facts: Mapping[str, Any], tell: Callable[[datetime], str]) -> dict[str, str]:
    """The moments among the facts."""
    found = {}
    for field in _MOMENTS:
        if isinstance(said := facts.get(field), str):
            found["moment"] = tell(datetime.fromisoformat(said))
    if isinstance(stands := facts.get("stands"), dict):
        found["stands"] = words.when(When.model_validate(stands))
    return found
