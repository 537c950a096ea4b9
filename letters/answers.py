"""What somebody answered, in a sentence of a letter that tells her what became of it."""

from __future__ import annotations

from letters.library_kinds import N_
from letters.words import Words

GIVEN = {
    "Register": N_("You asked for a place."),
    "Register/other": N_("You put a colleague down for a place."),
    "DeclineInvitation": N_("You declined the invitation."),
    "Withdraw": N_("You gave your place up."),
    "AcceptOffer": N_("You accepted the place on offer."),
    "DeclineOffer": N_("You declined the place on offer."),
    "AnswerNewDate": N_("You said whether you can still come."),
    "Substitute": N_("You named a colleague of your library in your place."),
    "Substitute/other": N_("You sent a colleague instead of somebody who cannot come."),
    "Nominate": N_("You said whom your library sends."),
    "GiveFeedback": N_("You answered our questions."),
    "AnswerAsHost": N_("You answered about a visit to your library."),
    "GiveHostFeedback": N_("You told how a visit went."),
}
"""By the name of the command; with ``/other`` where it is about somebody else."""


def given(words: Words, answer: str) -> str:
    """What she answered; empty for what has no sentence."""
    said = GIVEN.get(answer) or GIVEN.get(answer.partition("/")[0], "")
    return words.gettext(said) if said else ""
