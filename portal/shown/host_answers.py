"""What is asked of a host at each stage of a visit, and what happens next."""

from __future__ import annotations

from typing import Literal

from portal.speech import mark

Stage = Literal["planned", "asked", "proposed", "confirmed", "wishes", "visited", "tried", "late", "gone", "released"]
"""``wishes``: confirmed, and another time is asked for; ``tried``: a no or silence, and a yes still reaches us;
``late``: such a yes waits to be decided; ``gone``: the visit goes on, or has gone, without this host."""

TITLES = {
    "planned": mark("You are not asked at present"),
    "asked": mark("May we visit you?"),
    "proposed": mark("You have suggested other dates"),
    "confirmed": mark("The group comes to you"),
    "wishes": mark("You have asked to move the visit"),
    "visited": mark("Thank you for receiving our group"),
    "tried": mark("Your time to answer is over"),
    "late": mark("Your yes is with us"),
    "gone": mark("This visit goes on without you"),
    "released": mark("This visit is off"),
}

ASKS = {
    "planned": mark("Nothing."),
    "asked": mark("Tell us whether you can receive our group: yes, no, or other dates that would suit you better."),
    "proposed": mark("Nothing now: you suggested %(proposed)s."),
    "confirmed": mark("Nothing but to tell us early if something changes on your side."),
    "wishes": mark("Nothing now: you asked for %(proposed)s."),
    "visited": mark("If you have a moment, tell us how it went."),
    "tried": mark("Nothing. If you can receive the group after all, a yes still reaches us."),
    "late": mark("Nothing now. Thank you for your yes."),
    "gone": mark("Nothing any more."),
    "released": mark("Nothing any more."),
}

NEXT = {
    "planned": mark("If we would like to come to you, you get a letter."),
    "asked": mark(
        "If you say yes, you get a confirmation with an entry for your calendar, and we plan the days with you. If you "
        "suggest other dates, we see whether the group can come then. A no is a good answer too: it leaves us time to "
        "ask another library."
    ),
    "proposed": mark(
        "We see whether the group can come then, and write to you. Until that is decided you can still say yes to the "
        "dates below, suggest others, or say no."
    ),
    "confirmed": mark(
        "We plan the days with you. If anything changes, you get a letter, and the entry in your calendar follows."
    ),
    "wishes": mark("The visit stays where it is until we have seen whether the group can come then. You get a letter."),
    "visited": mark("What you tell us stands in the report of the year, signed with the name of your library."),
    "tried": mark("We decide who receives the group now. If you say yes, we look whether it is still possible."),
    "late": mark("You get a letter as soon as it is decided whether the group comes to you."),
    "gone": mark("Thank you for having thought about it. You will hear from us when there is another occasion."),
    "released": mark("Thank you for having been ready to receive the group."),
}  # fmt: skip

THANKS = mark("Thank you: we have received your no")
"""Over a visit to which the library has said no."""
ELSEWHERE = mark("We have turned to another library")
"""Over a visit for which another library has been asked since the time to answer was over."""
THEN_ELSEWHERE = mark("We have turned to another library. If you say yes now, we look whether it is still possible.")
"""What happens next where another library has been asked since."""
