"""A plan written as a file again is read as the plan that it was written from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from exchange.plan import CyclePlan
from plans import Known, Staffer, Wishes, check_plan, people_of, read_plan, split_plan
from plans.split import Split
from plans.wishes import FORMATS
from plans.written import plan_written
from tests.plans.test_formats import written

NOW = datetime(2011, 1, 1, tzinfo=UTC)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/plan.yaml"))


def taken_apart(source: Path) -> tuple[Split, dict[str, Staffer]]:
    file = read_plan(source)
    names = dict.fromkeys(name for role in file.draft.roles.values() for name in role)
    staff = {name.casefold(): Staffer(f"s_{number}") for number, name in enumerate(names)}
    return split_plan(file, people_of(file), staff, starter="s_0", now=NOW), staff


def read_again(before: Split, staff: dict[str, Staffer]) -> CyclePlan:
    names = {one.ref: name.title() for name, one in staff.items()}
    papers = plan_written(before.plan, before.people, names, {text.ref: text.words for text in before.texts})
    faults = [fault for fault in check_plan(papers, staff) if fault.severity == "error"]
    assert not faults, "\n".join(map(str, faults)) + papers.plan.decode()
    known = Known({one.address_norm: one.ref for one in before.people}, {one.ref: one.words for one in before.texts})
    file = read_plan(papers)
    after = split_plan(file, people_of(file), staff, starter="s_0", now=NOW, known=known)
    assert {replace(one, zone="") for one in after.people} == {replace(one, zone="") for one in before.people}
    assert [one.zone for one in after.people if one.part == "invitee"] == [
        one.zone for one in before.people if one.part == "invitee"
    ]
    return after.plan


def stripped(plan: CyclePlan, before: Split) -> CyclePlan:
    """Without what tells the papers apart; each text by its words."""
    said = json.dumps(plan.model_dump(mode="json", exclude={"digest"}))
    for number, text in enumerate(before.texts):
        first = next(at for at, other in enumerate(before.texts) if other.words == text.words)
        said = said.replace(before.texts[number].ref, f"text {first}")
    return CyclePlan.model_validate_json(said)


FULL = """
programme: {id: reading, name: {en: Reading together, fi: Luetaan yhdessä}}
theme: {id: poems, name: {en: Poems, fi: Runot}}
year: 2011
languages: [en, fi]
zone: Europe/Helsinki
people: people.csv
quiet_weeks: [2011-07-01..2011-07-31]
privacy: {keep_personal_data: 2 years, purpose: "To invite", answers_for: {en: The library, fi: Kirjasto}}
roles: {coordinator: Kristina Virtanen, deputy: [Olga Sokolova, Maria Berg]}
budget: {currency: SEK, cap: "12 000,50", funders: [{name: "NO", pays: 100.05}]}
organisations:
  main: {name: {en: Main, fi: Pää}, city: Oulu, country: FI, strengths: [quiet, "yes"]}
  branch: {name: Branch, kind: branch library, branch_of: main, country: NO, zone: Europe/Oslo}
steps:
  - {id: ask, kind: invitations, title: {en: Asking, fi: Kutsu}, zone: Europe/Oslo, prepare: 2011-01-10 10:00,
     registration: desk, remind: [7 days before close, 2011-02-01 10:00], letter: "Two\\n\\nlines: # here",
     approval: {role: coordinator, deputy: deputy, within: 36 hours, second_person: yes}}
  - {id: desk, kind: registration, opens: 2011-01-20 08:00, closes: 2011-02-10 12:30, capacity: 3, per_library: 2,
     places: nominated, select_within: 5 days, select_role: deputy, offer_lasts: 90 minutes,
     offers_until: 2011-03-01 10:00, priority: [branch library], zone: Europe/Oslo,
     ask: [diet, {id: travel, ask: {en: "How?", fi: "Miten?"}, choices: [{en: Train, fi: Juna}, Boat], sensitive: yes}]}
  - {id: day, kind: seminar, form: workshop, place: {en: Hall, fi: Sali}, organisation: branch, cost: 12.34,
     announce: 2011-02-20, begins: 2011-03-27 03:30, ends: 2011-03-27 17:00, zone: Europe/London,
     sessions: [{title: A talk, begins: 10:00, ends: 11:00, speaker: Sam Speaker},
       {title: B, begins: 12:00, ends: 13:00}]}
  - {id: trip, kind: visits, prepare: 2011-02-01, answer_within: 10 days, remind_after: 4 days, fallback: automatic,
     decide_role: deputy, decide_within: 2 days,
     slots: [{id: night, zone: Europe/Oslo, begins: "2011-10-30 02:30 +01:00", ends: 2011-10-31 12:00, candidates: [
       {host: main, contact: Carl Contact, reason: "On: purpose", cost: 7}, {host: branch, contact: Carl Contact}]}]}
  - {id: survey, kind: feedback, opens: 2011-11-10, closes: 2011-11-20, remind: [3 days before close],
     questions: [knowledge, {id: own, form: choice, ask: "Which?", choices: gains},
       {id: free, form: text, ask: "Why?"}]}
  - {id: account, kind: report, due: 2011-12-01 12:00, zone: Europe/Oslo}
"""
EVERYBODY = """name,address,language,library,part,zone
Anna Example,anna@library.example,fi,main,,Europe/Oslo
Anna Example,other@library.example,en,branch,,
Sam Speaker,sam@library.example,en,,speaker,
Carl Contact,carl@library.example,en,main,contact,
"""


def test_a_plan_that_uses_every_field_is_read_as_it_was(tmp_path: Path):
    (tmp_path / "plan.yaml").write_text(FULL, "utf-8")
    (tmp_path / "people.csv").write_text(EVERYBODY, "utf-8")
    before, staff = taken_apart(tmp_path / "plan.yaml")
    assert stripped(read_again(before, staff), before) == stripped(before.plan, before)
    # a field that a later release adds has to be written as well: give it a value above
    every = [(one, name) for one in models(before.plan) for name in type(one).model_fields]
    given = {(type(one).__name__, name) for one, name in every if not default(one, name)}
    assert {(type(one).__name__, name) for one, name in every} - given <= UNWRITTEN


def test_whose_clocks_are_meant_among_hosts_by_several_is_written_and_not_warned_of(tmp_path: Path):
    source = FULL.replace("zone: Europe/Oslo, begins", "zone: Europe/Helsinki, begins").replace(" +01:00", " +03:00")
    (tmp_path / "plan.yaml").write_text(source, "utf-8")
    (tmp_path / "people.csv").write_text(EVERYBODY, "utf-8")
    before, staff = taken_apart(tmp_path / "plan.yaml")
    names = {one.ref: name.title() for name, one in staff.items()}
    papers = plan_written(before.plan, before.people, names, {text.ref: text.words for text in before.texts})
    assert not [fault for fault in check_plan(papers, staff) if "the clocks at" in fault.sentence]


STEPS = ("Registration", "Seminar", "Visits", "Feedback", "Report", "Invitations")
UNWRITTEN = {("CyclePlan", "revision"), ("CyclePlan", "pace"), ("CyclePlan", "practice")}
UNWRITTEN |= {(step, "kind") for step in STEPS} | {
    (step, name) for step in STEPS[:5] for name in ("approval", "letter")
}
"""What no plan file says, and what all kinds of step share and is given for one of them."""


def models(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from models(one)


def default(one: BaseModel, name: str) -> bool:
    return getattr(one, name) == type(one).model_fields[name].get_default(call_default_factory=True)


@pytest.mark.parametrize("source", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_is_read_as_it_was(source: Path):
    before, staff = taken_apart(source)
    assert stripped(read_again(before, staff), before) == stripped(before.plan, before)


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_plan_of_each_format_is_read_as_it_was(form: str, tmp_path: Path):
    wishes = Wishes(begins=datetime(2027, 1, 4, tzinfo=UTC).date(), format=form, coordinator="Kristina Virtanen")  # type: ignore[arg-type]
    before, staff = taken_apart(written(tmp_path, wishes))
    assert stripped(read_again(before, staff), before) == stripped(before.plan, before)
