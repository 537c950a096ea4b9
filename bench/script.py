"""Who says what in the measured cycles, and when: the same for both sides."""

from __future__ import annotations

from datetime import UTC, datetime

IN_TIME = datetime(2012, 2, 1, tzinfo=UTC)
"""When everybody registers: the example's desk is open then."""
PEOPLE = tuple(f"p_{i:012d}" for i in range(1, 21))
FIRST = (("helsinki", "decline"), ("malmo", "confirm"), ("aarhus", "confirm"))
"""What the first three hosts say; the one that is asked in Helsinki's stead confirms."""

APPROVALS = {
    f"DelegateRegistered:{PEOPLE[-1]}": "application",
    "SeminarHeld:introductory-seminar": "visits",
    "VisitHeld:aarhus": "final-seminar",
    "PromptOpened:approve-report-1": "report",
}
"""Which step is approved once that word was recorded."""
ANSWERED = ("PromptOpened:approve-visits-1", "HostAsked:aarhus")
"""The words after which post has come."""
AT_ONCE = ("SurveyOpened:feedback", "HostAsked:espoo")
"""The words whose answers come with the look that records them, so that every run makes the same calls."""


def answers_to(word: str) -> list[dict[str, str]]:
    """The inbox rows that follow from a word: twenty registrations, the hosts' answers, twenty marks of feedback."""
    match word:
        case "PromptOpened:approve-visits-1":
            return [{"kind": "Register", "person": p, "home": f"library-{p[-2:]}"} for p in PEOPLE]
        case "HostAsked:aarhus":  # the last of the first three
            return [{"kind": "AnswerAsHost", "host": host, "answer": said} for host, said in FIRST]
        case "HostAsked:espoo":  # in Helsinki's stead
            return [{"kind": "AnswerAsHost", "host": "espoo", "answer": "confirm"}]
        case "SurveyOpened:feedback":
            return [{"kind": "GiveFeedback", "person": p} for p in PEOPLE]
        case _:
            return []
