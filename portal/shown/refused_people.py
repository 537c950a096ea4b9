"""What staff are told when a rule says no: about people and their places, hosts and their visits, feedback."""

from __future__ import annotations

from portal.speech import mark

NOT_ANY_MORE = mark("This page does not fit the cycle any more: something has changed meanwhile. Open it anew.")
"""What was chosen is not there: a page offers only what there is."""
WHY = mark("Give a reason: the history keeps it, and those whom it concerns will want to know.")

OF_PEOPLE = {
    # places
    "RegistrationClosed": mark(
        "Registration closed on %(since)s, and is not opened again. Whoever was invited and has not answered can be "
        "given more time: “Give one person more time”."
    ),
    "RegistrationNotOpen": mark("Registration opens on %(opens)s."),
    "AlreadyRegistered": mark("%(person)s is registered already: one person has one place."),
    "NotRegistered": mark("%(person)s has no place and waits for none."),
    "NoOffer": mark("No place is on offer to %(person)s now."),
    "BelowConfirmed": mark(
        "Places confirmed or on offer: %(taken)s. There cannot be fewer than that: nobody loses a place by a number. "
        "Withdraw people first."
    ),
    "BelowConfirmed/none": mark("A group has at least one place."),
    "PickNotWaiting": mark("%(person)s has not applied, or not any more. Choose among those who have."),
    "TooManyPicked": mark("Chosen: %(picked)s, places: %(capacity)s. Choose fewer."),
    "TooManyFromOneLibrary": mark(
        "%(home)s: %(picked)s are chosen, and the plan lets at most %(limit)s of one library in."
    ),
    "NotFromTheSameLibrary": mark(
        "%(by)s is not of the library whose place %(person)s has, and a substitute is. Type in a withdrawal instead: "
        "then the next on the waiting list is offered the place."
    ),
    "NotInvited": mark("%(person)s was not invited to this cycle, so there is no invitation to decline."),
    "AlreadyTakesPart": mark("%(person)s is registered. To give the place up, type in a withdrawal."),
    "NothingToNominate": mark(
        "%(home)s is not asked to choose: no more people ask for its places than it has, or it has chosen."
    ),
    "NominationOver": mark("%(home)s could choose until %(until)s. Those who asked first are sent."),
    "NotFromThere": mark(
        "%(person)s does not ask for a place of %(home)s. Choose among those of that library who asked."
    ),
    "MoreThanItsPlaces": mark("%(home)s: places %(limit)s, chosen %(chosen)s. Choose fewer."),
    "WasErased": mark("The data of %(person)s was erased, so nothing more is decided for that person here."),
    # more time
    "NothingToExtend": mark("No answer of %(person)s is awaited: there is neither an offer nor an open invitation."),
    "HasAnswered": mark("%(person)s has answered already, so there is nothing to give more time for."),
    "AlreadyExtended": mark(
        "%(person)s was given more time before, until %(until)s, and that is done once. You can move the date for "
        "everybody instead."
    ),
    "NoMoreTime": mark(
        "%(until)s gives %(person)s no more time: it must be still to come, and later than %(stands)s, which stands "
        "anyway."
    ),
    "LongerThanPlacesLast": mark(
        "%(until)s is too late: on %(last)s the next part begins, or no place is offered any more. Choose a moment "
        "before that."
    ),
    # visits that have moved
    "NotAskedAnew": mark(
        "No visit of %(person)s has moved, so there is no question to answer. To give the place up, type in a "
        "withdrawal."
    ),
    "WhichVisit": mark("%(person)s is asked about several visits: %(slots)s. Choose one of them."),
    "AboutAnEarlierDate": mark(
        "The answer of %(person)s is about %(said)s, and the visit %(slot)s begins on %(stands)s now. It does not "
        "count; a letter asks about the new date."
    ),
    "WhichDate": mark(
        "The visit %(slot)s has moved to %(stands)s, and the letter that asks %(person)s about it has not left yet. "
        "Wait some hours."
    ),
    "VisitHasBegun": mark("The visit %(slot)s has begun, so nobody is asked any more."),
    # hosts
    "NotAsked": mark("%(host)s has not been asked for any visit in this cycle."),
    "WhichSlot": mark("%(host)s is asked for several visits: %(slots)s. Choose one of them."),
    "AlreadyAnswered": mark("%(host)s has answered about the visit %(slot)s before."),
    "ProposalIncomplete": mark(
        "A proposal of %(host)s needs when the visit would begin and when it would end; the end comes after the "
        "beginning."
    ),
    "AskedForThat": mark(
        "%(host)s was asked for just these dates: the visit %(slot)s begins on %(begins)s. Where they suit it, note a "
        "yes."
    ),
    "TooLateToPropose": mark(
        "The visit %(slot)s has gone on without %(host)s, so no other time can be proposed any more. A plain yes still "
        "counts."
    ),
    "HostBusy": mark("%(host)s has another visit that overlaps %(slot)s: one host is not visited twice at once."),
    "TwoPlacesAtOnce": mark(
        "At the new time of the visit %(slot)s the group is expected at %(slots)s as well. Keep the date; or, where it "
        "is meant so (the group parts, or the other visit moves next), tick that it is known, and decide again."
    ),
    "NobodyLeft": mark(
        "Everybody whom the plan names for the visit %(slot)s has been asked. Give the visit up, or have the plan "
        "amended."
    ),
    "NotVisited": mark("%(host)s has not received the visit %(slot)s, and feedback is asked of hosts that have."),
    "ThatIsItsDate": mark("%(host)s: the visit %(slot)s begins on %(begins)s already, so there is nothing to move."),
    "WishedAlready": mark(
        "%(host)s has asked already to move %(slot)s to %(begins)s, and that waits for a decision. What else it has "
        "said can be kept as a note."
    ),
    # seminars and speakers
    "SeminarNotBegun": mark("%(step)s begins on %(begins)s. Who was there can be noted from then on."),
    "NotExpected": mark("%(person)s has no confirmed place, so there is nothing to note about %(step)s."),
    "WhyReplace": WHY,
    "NoSuchSpeaker": mark("%(person)s has no session still to come at %(step)s. Who has one: %(speakers)s."),
    "NoSuchSpeaker/none": mark("%(person)s has no session still to come at %(step)s, and neither has anybody else."),
    "SpeaksHerself": mark("It is the same person. Name somebody else."),
    "SeminarOver": mark("%(step)s is over or called off, so nobody can take over a session of it."),
    # feedback
    "FeedbackClosed": mark("%(step)s: the time for answers is over."),
    "FeedbackNotOpen": mark("%(step)s: not opened yet. It opens when what came before it is over."),
    "DidNotTakePart": mark("%(person)s did not take part, and feedback is asked of those who did."),
    "FeedbackAlreadyGiven": mark("%(person)s has answered already: one answer per person counts."),
    "WhyExtend": WHY,
}
"""The sentence for each refusal; ``Name/variant`` where :func:`portal.shown.refused.told` finds that it fits better."""
