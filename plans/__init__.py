"""The papers that come in: plans, people lists and feedback files, as librarians write them.

Forgiving in notation, strict in meaning: every fault is found at once, with its line and how to mend it.
"""

from plans.answers import AnswerList, AnswerRow, read_answers
from plans.check import check_plan
from plans.faults import Fault, PlanFaults
from plans.new import PEOPLE, new_plan
from plans.people import PeopleList, Person, read_people
from plans.planfile import PlanFile, read_plan
from plans.roster import Staff, Staffer
from plans.split import PersonRow, Split, TextRow, split_plan
from plans.tables import Refused

__all__ = [
    "PEOPLE",
    "AnswerList",
    "AnswerRow",
    "Fault",
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
    "check_plan",
    "new_plan",
    "read_answers",
    "read_people",
    "read_plan",
    "split_plan",
]
