"""A small plan on paper that is in order, and a desk on which a test spoils one line of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from plans import Fault, Staff, Staffer, check_plan

PLAN = """\
programme: Baltic exchange
theme: Management
year: 2012
languages: [en]
zone: Europe/Kaliningrad
roles:
  coordinator: Kristina Virtanen
  deputy: Olga Sokolova
  director: Antti Laine
budget:
  cap: 10 000,00
  funders:
    - name: The funder
      pays: 10 000,00
organisations:
  helsinki: {name: Helsinki City Library, zone: Europe/Helsinki}
  turku: {name: Turku City Library, zone: Europe/Helsinki}
  oslo: {name: Oslo Public Library, zone: Europe/Oslo}
  ours: Our Library
  theirs: {name: Their Library, kind: school library}
steps:
  - id: invitations
    kind: invitations
    prepare: 2012-01-16 10:00
    registration: desk
    remind: [7 days before close]
    approval: {role: coordinator, deputy: deputy, within: 4 days}
    letter: Come and learn.
  - id: desk
    kind: registration
    opens: 2012-01-23
    closes: 2012-02-24
    capacity: 12
    per_library: 3
    priority: [school library]
  - id: seminar
    kind: seminar
    title: Introductory seminar
    organisation: ours
    place: Kaliningrad
    announce: 2012-03-01
    begins: 2012-03-20 10:00
    ends: 2012-03-20 17:00
    cost: 1 000,00
    sessions:
      - title: A map of our competences
        begins: 2012-03-20 11:00
        ends: 2012-03-20 12:30
        speaker: Irina Morozova
  - id: visits
    kind: visits
    prepare: 2012-02-06 10:00
    answer_within: 14 days
    remind_after: 7 days
    approval:
      role: director
      deputy: deputy
      second_person: yes
    slots:
      - id: first
        begins: 2012-05-14 09:00
        ends: 2012-05-16 16:00
        candidates:
          - host: helsinki
            contact: Sanna Koivisto
            reason: They know most.
            cost: 4 200,00
          - host: turku
            cost: 4 000,00
      - id: second
        begins: 2012-05-21 09:00
        ends: 2012-05-22 16:00
        candidates:
          - host: turku
            cost: 2 000,00
  - id: feedback
    kind: feedback
    opens: 2012-05-28
    closes: 2012-06-08
    remind: [3 days before close]
    questions:
      - knowledge
      - id: best
        ask: Which host taught you most?
        form: choice
        choices: [The first, The second]
      - id: words
        ask: What else?
        form: text
  - id: report
    kind: report
    due: 2012-09-03
    approval: director
"""

PEOPLE = """\
name,address,language,library,part
Anna Kuznetsova,anna@ours.example,en,ours,participant
Boris Orlov,boris@theirs.example,en,Their Library,participant
Irina Morozova,irina@ours.example,en,ours,speaker
Sanna Koivisto,sanna@helsinki.example,en,helsinki,contact
Petri Aalto,petri@turku.example,en,turku,contact
"""

STAFF: Staff = {
    "kristina virtanen": Staffer("s_kristina", ("coordinator",)),
    "olga sokolova": Staffer("s_olga", ("deputy", "coordinator")),
    "antti laine": Staffer("s_antti"),
}


class Desk:
    """A folder with a plan and its people list."""

    def __init__(self, folder: Path) -> None:
        self.plan, self.people = folder / "plan.yaml", folder / "people.csv"
        self.write()

    def write(self, plan: str = PLAN, people: str = PEOPLE) -> None:
        self.plan.write_text(plan, "utf-8")
        self.people.write_text(people, "utf-8")

    def change(self, old: str, new: str) -> None:
        """Puts other words into the plan; they must stand there once."""
        text = self.plan.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the plan"
        self.plan.write_text(text.replace(old, new), "utf-8")

    def line(self, words: str) -> int:
        """The number of the only line of the plan that contains these words, counted as an editor does."""
        found = [number for number, line in enumerate(self.plan.read_text("utf-8").splitlines(), 1) if words in line]
        assert len(found) == 1, f"{words!r} stands on lines {found}"
        return found[0]

    def faults(
        self, staff: Staff | None = STAFF, now: datetime | None = None, written: tuple[str, ...] | None = None
    ) -> list[Fault]:
        return check_plan(self.plan, staff, now, written=written)

    def only(self, staff: Staff | None = STAFF, now: datetime | None = None) -> Fault:
        """The one fault there is."""
        faults = self.faults(staff, now)
        assert len(faults) == 1, "\n".join(map(str, faults))
        return faults[0]


def found(desk: Desk, old: str, new: str, at: str = "") -> tuple[str, str]:
    """Spoils a plan in one place; the field and the sentence of its only fault, which must stand on its line."""
    desk.change(old, new)
    fault = desk.only()
    assert fault.line == desk.line(at or new.strip().splitlines()[0]), str(fault)
    assert fault.file == "plan.yaml"
    assert fault.severity == "error"
    return fault.field, fault.sentence
