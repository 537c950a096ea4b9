"""What staff are told when a rule says no: about decisions and letters, dates, the plan, roles, and money."""

from __future__ import annotations

from portal.shown.refused_people import NOT_ANY_MORE, WHY
from portal.speech import mark

OF_DECISIONS = {
    "AlreadyDecided": mark("This was decided already, and that stands."),
    "NoLongerNeeded": mark("This decision is no longer needed: what it was about is settled or has changed."),
    "LettersChanged": mark("The letters are not those that you were shown any more. Read them as they stand now."),
    "NothingWaits": mark("This decision does not wait any more."),
    "NotYourDecision": mark("You hold no role in this cycle that may do this. Who may: %(roles)s."),
    "NotYourDecision/nobody": mark("You hold no role in this cycle that may do this, and nobody else does."),
    "SecondPersonNeeded": mark("A second person decides this: you started the cycle or had a hand in it."),
    "NoSuchOption": NOT_ANY_MORE,
    "NothingToCopy": mark("There are no letters here of which you could have a copy. Approve it without one."),
    "LateApproval": mark(
        "%(what)s: the moment was %(since)s, and the letters would call to what is past. Move that date first and "
        "approve the letters that are then made anew, or reject them."
    ),
    "LateAgain": mark(
        "%(what)s: the moment was %(since)s, and letters that are made ready again would call to what is past. Move "
        "that date first, then have them made ready again."
    ),
    # letters
    "LetterEmpty": mark("A letter needs a subject and words."),
    "NobodyNamed": mark("Say to whom you write: choose a group, or name somebody."),
    "NotAPerson": NOT_ANY_MORE,
    "UnknownGroup": NOT_ANY_MORE,
    "EmptyGroup": mark("Nobody is in the group “%(group)s”. Leave it out, or choose another."),
    "NobodyLeftToRead": mark(
        "Nobody is left to read this letter: those for whom it was written are not among them any more. Reject it."
    ),
    "TooManyNamed": mark("Named one by one: %(count)s. At most %(most)s can be; write to a group instead."),
    "TooManyLettersWait": mark(
        "As many letters of your own as may (%(most)s) wait to be approved. Approve or reject some of them first."
    ),
    "NobodyElseToApprove": mark(
        "The plan asks for a second person to approve letters, and if you wrote this one, nobody would be left who "
        "may. Let somebody else write it."
    ),
    "NoLettersToAddTo": mark("%(step)s: there are no letters to which something could be added."),
    "ApprovedAlready": mark("%(step)s: the letters were approved already, and what was approved is what is sent."),
    "TooManyParagraphs": mark(
        "%(step)s: %(most)s paragraphs were added already. Take them back first, or say it in fewer."
    ),
    "NothingWasAdded": mark("%(step)s: nothing was added to the letters, so there is nothing to take back."),
    "NothingToRemind": mark(
        "%(step)s: nobody is to be reminded. Nothing has been asked yet, everybody has answered, or it is over."
    ),
    "RemindedJustNow": mark("%(step)s: the last reminder left on %(since)s, less than a day ago. Wait a day."),
    "NoteEmpty": mark("A note needs words."),
    "NobodyToNoteOf": mark("A note can be about a library of the plan or a person of the cycle, and this is neither."),
}

OF_THE_PLAN = {
    # dates
    "ReasonMissing": WHY,
    "NothingToMove": mark("%(step)s: there is no such date to move."),
    "ClosedForGood": mark(
        "%(step)s has closed, and is not opened again. Whoever was invited and has not answered can be given more "
        "time: “Give one person more time”."
    ),
    "AlreadyHappened": mark("%(step)s (%(field)s): it has happened already, and the past does not move."),
    "DatesPast": mark("These dates are past: %(dates)s. Choose moments that are still to come."),
    "MovedIntoPast": mark("%(when)s is past. Choose a moment that is still to come."),
    "OutOfOrder": mark(
        "%(step)s: “%(first)s” would no longer come before “%(then)s”. Move both, or choose another date."
    ),
    "OutOfPlan": mark(
        "%(step)s would be on %(when)s, and %(other)s is on %(other_when)s; the plan holds %(step)s after it. Move the "
        "other one first, or choose another date."
    ),
    "OutOfPlan/first": mark(
        "%(step)s would be on %(when)s, and %(other)s is on %(other_when)s; the plan holds %(step)s before it. Move "
        "the other one first, or choose another date."
    ),
    "UnknownStep": NOT_ANY_MORE,
    "UnknownSlot": NOT_ANY_MORE,
    # the plan itself
    "NothingToAmend": mark("The plan stands so already; there is nothing to change."),
    "PlanBroken": mark("%(step)s would not fit into the plan: %(what)s."),
    "StepBegun": mark(
        "%(step)s has begun, so “%(field)s” cannot be changed in the plan any more. Put it back as it was."
    ),
    "StepBegun/people": mark(
        "%(step)s has begun, so the people list can neither add nor leave out anybody whom it invites. Put the list "
        "back as it was; whoever joins now is registered on the cycle’s page."
    ),
    "StepBegun/out": mark("%(step)s has begun, so it cannot be taken out of the plan. Put it back."),
    "PlacedBeforeBegun": mark(
        "%(begun)s has begun, so the order of what comes before it stays. Put %(step)s after it, or where it was."
    ),
    # the cycle
    "CycleOver": mark("This cycle ended on %(since)s; nothing in it changes any more."),
    "CycleStandsStill": mark(
        "This cycle has been suspended since %(since)s, and nothing is decided in it meanwhile. Dates can be moved, it "
        "can go on, and it can be cancelled."
    ),
    "NotSuspended": mark("This cycle is not suspended, so there is nothing to let go on."),
    "WhySuspend": WHY,
    "DatesPassed": mark("Dates that have gone by while the cycle stood still: %(dates)s. Move them first."),
    # roles
    "NobodyLeftToApprove": mark(
        "The plan asks for a second person to approve %(step)s, and if you changed it now, nobody would be left who "
        "may. Let somebody do it who started the cycle or has changed it before."
    ),
    "NothingToHandOver": mark("%(source)s holds no role in this cycle, so there is nothing to hand over."),
    "NoHandoverArranged": mark("%(source)s: no handover waits for its day, so none can be called off."),
    "HandoverToOneself": mark("It is the same person. Name somebody else."),
    "HandoverUnexplained": WHY,
    "NotAllowedTheRole": mark(
        "%(to)s may act as %(may)s only, and would take over as %(roles)s. Hand over to somebody else, or have it "
        "widened by whoever keeps the list of staff."
    ),
    "TakenOnOnesOwnWord": mark(
        "%(to)s cannot take over from %(source)s without anybody else. %(source)s hands over, or somebody else with a "
        "role in this cycle does."
    ),
    "FourEyesLost": mark(
        "The plan asks for a second person to approve %(step)s. If %(to)s took this over, there would be no two left. "
        "Hand over to somebody else, who has not had a hand in it."
    ),
}

OF_MONEY = {
    "BudgetExceeded": mark(
        "This would commit %(asked)s, and of the budget of %(cap)s only %(free)s is free. Choose a cheaper host, or "
        "give something up."
    ),
    "NoSuchSum": mark(
        "This sum cannot be recorded. It must be more than nothing, and a currency is three capital letters, like SEK."
    ),
    "NoSuchRate": mark("“%(rate)s” is no rate. A rate is a number above nothing, like 0.0873."),
    "SumTooLarge": mark(
        "Less than %(most)s can be recorded, and this is more. Look at the amount, and at the rate where there is one."
    ),
    "RateMissing": mark(
        "The plan counts in %(ours)s, and this was paid in %(currency)s. Say how many %(ours)s one %(currency)s cost "
        "on that day."
    ),
    "RateNotNeeded": mark("The plan counts in %(currency)s itself. Leave the rate empty."),
    "SpentLater": mark("%(on)s is still to come. Record what was paid on the day on which it was paid."),
    "MoreBackThanSpent": mark("Only %(spent)s was spent on that, so no more than this can have come back."),
    "WhichHost": mark("Money for %(slot)s can be that of %(hosts)s. Say whose."),
    "NotItsHost": mark("%(host)s is no host of %(slot)s, and nothing was promised to it there."),
    "HostWithoutStay": mark("%(host)s hosts visits: say for which of them the money is, or leave the host out."),
    "NoSuchFunder": mark("The plan has no funder of that name."),
    "ShareUnexplained": WHY,
    "SpentAlready": mark(
        "With that share the budget would be %(cap)s, and %(settled)s has been spent already. A share cannot take back "
        "what is spent."
    ),
}

OUTSIDE = {
    "NotRunning": mark("The engine does not know this cycle. Whoever looks after the computer can mend that."),
    "Defect": mark("It could not be read and was put aside; a decision about it opens."),
    "NotProven": mark("Nothing proves that staff entered it, so it was not decided. Sign in again, and enter it anew."),
    "Misread": mark("It is not clear who or what is meant. Look once more at the person, the visit and the dates."),
}
"""What is refused before or beside the rules."""

OTHERWISE = mark("A rule of the cycle says no to this as things stand. Look at the page of the cycle once more.")
"""What has no sentence here; a test sees to it that nothing comes to this."""
