"""What is wrong with a plan and a list that were sent: all of it at once, each thing at its own field of the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from letters.catalogues import languages
from plans import Fault, Papers, Staff, check_list, check_plan, read_people
from plans.faults import errors
from portal.forms import Form
from portal.speech import PageWords
from portal.uploads import Sent


def papers_of(plan: Sent, people: Sent) -> Papers:
    """A plan with its list; where the same file was chosen twice, the list has a name of its own."""
    name = people.name if people.name != plan.name else f"{people.name} (2)"
    return Papers(plan.name, plan.data, people.data, name)


@dataclass(frozen=True)
class Judging:
    """A form by which papers were sent, and what they are judged by."""

    form: Form
    words: PageWords
    staff: Staff
    now: datetime | None = None
    """The instant of an intended start; None where what lies behind us may lie there."""
    live: bool = False
    """Whether words that ``kierros new`` wrote to be replaced keep the plan from being taken."""

    def refused(self, faults: list[Fault], papers: Papers) -> list[Fault]:
        """Says at the fields what is wrong with both papers; of a plan whose list is none, what is wrong without it."""
        if self._is_no_list(papers):
            faults = [*(fault for fault in faults if fault.file == papers.people_name), *self._alone(papers)]
        return self._at_fields(faults, papers.people_name)

    def incomplete(self, plan: Sent | None, people: Sent | None) -> list[Fault]:
        """Says at the fields what is wrong with what was sent, where something else is missing."""
        if plan is not None and people is not None:
            papers = papers_of(plan, people)
            found = check_plan(papers, self.staff, self.now, written=languages())
            return self.refused(found, papers) if errors(found) else []
        if plan is not None:
            return self._at_fields(self._alone(Papers(plan.name, plan.data, b"", "")), "")
        return self._at_fields(check_list(people.data, people.name), people.name) if people is not None else []

    def _alone(self, papers: Papers) -> list[Fault]:
        return list(errors(check_plan(papers, self.staff, self.now, written=languages(), alone=True)))

    @staticmethod
    def _is_no_list(papers: Papers) -> bool:
        people = read_people(papers.people, papers.people_name)
        return not people.rows or any(row.row == 0 for row in people.refused)

    def _at_fields(self, faults: list[Fault], list_: str) -> list[Fault]:
        form, say = self.form, self.words.gettext
        of_list = [fault for fault in faults if fault.file == list_ and fault.severity == "error"]
        if of_list:
            form.wrong("people", say("The list cannot be taken as it is. What is wrong with it is named on this page."))
        wrong = (one for one in faults if one.severity == "error" or (self.live and one.unwritten))
        counts = [one for one in wrong if one not in of_list]
        if counts:
            form.wrong("text" if "text" in form.by_name else "plan", self._counted(len(counts)))
        return sorted(faults, key=lambda one: one.severity != "error")  # what must be mended before the warnings

    def _counted(self, wrong: int) -> str:
        """That the plan cannot be taken, and how many faults it has."""
        return self.words.ngettext(
            "The plan cannot be taken yet: %(num)s fault, named on this page.",
            "The plan cannot be taken yet: %(num)s faults, named on this page.",
            wrong,
        )
