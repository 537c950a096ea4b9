"""The papers that come in: plans, people lists and feedback files, as librarians write them.

Forgiving in notation, strict in meaning: every fault is found at once, with its line and how to mend it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plans.answers import AnswerList as AnswerList
    from plans.answers import AnswerRow as AnswerRow
    from plans.answers import read_answers as read_answers
    from plans.check import check_list as check_list
    from plans.check import check_plan as check_plan
    from plans.faults import Fault as Fault
    from plans.faults import PlanFaults as PlanFaults
    from plans.new import PEOPLE as PEOPLE
    from plans.new import new_plan as new_plan
    from plans.people import PeopleList as PeopleList
    from plans.people import Person as Person
    from plans.people import read_people as read_people
    from plans.planfile import Papers as Papers
    from plans.planfile import PlanFile as PlanFile
    from plans.planfile import people_of as people_of
    from plans.planfile import read_plan as read_plan
    from plans.roster import Staff as Staff
    from plans.roster import Staffer as Staffer
    from plans.split import Known as Known
    from plans.split import PersonRow as PersonRow
    from plans.split import Split as Split
    from plans.split import TextRow as TextRow
    from plans.split import split_plan as split_plan
    from plans.tables import Refused as Refused
    from plans.wishes import Wishes as Wishes

__all__ = [
    "PEOPLE",
    "AnswerList",
    "AnswerRow",
    "Fault",
    "Known",
    "Papers",
    "PeopleList",
    "Person",
    "PersonRow",
    "PlanFaults",
    "PlanFile",
    "Refused",
    "Split",
    "Staff",
    "Staffer",
    "TextRow",
    "Wishes",
    "check_list",
    "check_plan",
    "new_plan",
    "people_of",
    "read_answers",
    "read_people",
    "read_plan",
    "split_plan",
]

_HOME = {
    "AnswerList": "plans.answers",
    "AnswerRow": "plans.answers",
    "Fault": "plans.faults",
    "Known": "plans.split",
    "PEOPLE": "plans.new",
    "Papers": "plans.planfile",
    "PeopleList": "plans.people",
    "Person": "plans.people",
    "PersonRow": "plans.split",
    "PlanFaults": "plans.faults",
    "PlanFile": "plans.planfile",
    "Refused": "plans.tables",
    "Split": "plans.split",
    "Staff": "plans.roster",
    "Staffer": "plans.roster",
    "TextRow": "plans.split",
    "Wishes": "plans.wishes",
    "check_list": "plans.check",
    "check_plan": "plans.check",
    "new_plan": "plans.new",
    "people_of": "plans.planfile",
    "read_answers": "plans.answers",
    "read_people": "plans.people",
    "read_plan": "plans.planfile",
    "split_plan": "plans.split",
}
"""Where each name lives. A name is imported when it is first asked for: spreadsheets and encodings cost a tenth of a
second, and most commands need neither."""


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_HOME[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
