"""Every format of exchange: its new plan is in order, without a warning, and can be rehearsed to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.cycle import begin
from exchange.plan import CyclePlan, When
from exchange.walk import found
from plans import Fault, Staffer, Wishes, check_plan, new_plan, read_people, read_plan, split_plan
from plans.libraries import example_people
from plans.new import slots
from plans.wishes import EXAMPLE_HOSTS, FORMATS, read_hosts
from rehearsal.script import read_script
from rehearsal.year import Reader, Rehearsed, rehearse

STAFF = {"name of the coordinator": Staffer("s_c"), "name of the director": Staffer("s_d")}
KINDS = {
    "three-step": "invitations registration seminar visits seminar feedback report",
    "study-trip": "invitations registration visits feedback report",
    "workshops": "invitations registration seminar feedback seminar feedback report",
    "placement": "invitations registration visits feedback report",
}
ABROAD = read_hosts("Dokk1:Aarhus:DK; Deichman:Oslo:NO; malmo:Malmö City Library:Malmö:SE")


def written(folder: Path, wishes: Wishes) -> Path:
    plan = folder / "plan.yaml"
    plan.write_text(new_plan(wishes), "utf-8")
    (folder / "people.csv").write_text(example_people(wishes.visited), "utf-8")
    return plan


def faults_of(plan: Path, now: datetime) -> list[Fault]:
    """What is to be mended, but for the words that are there to be replaced."""
    return [fault for fault in check_plan(plan, STAFF, now) if not fault.unwritten]


def drafted(folder: Path, wishes: Wishes) -> CyclePlan:
    return read_plan(written(folder, wishes)).draft


def played(plan: Path, *sentences: str) -> Rehearsed:
    file = read_plan(plan)
    people = read_people(file.people, organisations=file.draft.organisations)
    first = min(step.prepare.at for step in file.draft.steps if step.kind == "invitations")
    now = first - timedelta(days=1)
    split = split_plan(file, people, STAFF, starter="s_c", now=now)
    readers = {row.ref: Reader(row.language, row.zone) for row in split.people}
    return rehearse(begin(split.plan), read_script(list(sentences)), now, readers)


@pytest.mark.parametrize("hosts", [EXAMPLE_HOSTS, ABROAD, ABROAD[:1]], ids=["examples", "abroad", "one"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_in_order_and_comes_to_its_end(tmp_path: Path, form, hosts):
    plan = written(tmp_path, Wishes(begins=date(2027, 1, 11), format=form, hosts=hosts))
    assert faults_of(plan, datetime(2027, 1, 4, tzinfo=UTC)) == []
    assert " ".join(step.kind for step in read_plan(plan).draft.steps) == KINDS[form]
    year = played(plan)
    assert year.ends.phase == "finished"
    assert not year.stands_still
    assert not year.refused


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    begins=st.dates(date(2025, 1, 1), date(2031, 12, 31)),
    zone=st.sampled_from(["Europe/Kaliningrad", "Europe/Vilnius", "Europe/Oslo"]),
    cap=st.sampled_from([0, 90_000, 1_234_500, 99_000_000]),
)
def test_every_format_is_in_order_whenever_and_wherever_it_is_written(tmp_path: Path, form, begins, zone, cap):
    wishes = Wishes(begins=begins, format=form, hosts=ABROAD, zone=zone, cap=cap)
    assert faults_of(written(tmp_path, wishes), datetime(begins.year, begins.month, begins.day, tzinfo=UTC)) == []


def test_one_workshop_after_another_each_at_its_place(tmp_path: Path):
    wishes = Wishes(begins=date(2027, 1, 11), format="workshops", places=("Klaipeda", "Birstonas", "Kaunas"))
    draft = drafted(tmp_path, wishes)
    assert [step.place["en"] for step in draft.of_kind("seminar")] == ["Klaipeda", "Birstonas", "Kaunas"]
    assert [step.id for step in draft.of_kind("feedback")] == [
        "used-before-workshop-2",
        "used-before-workshop-3",
        "feedback",
    ]


def test_a_placement_chooses_among_those_who_apply(tmp_path: Path):
    draft = drafted(tmp_path, Wishes(begins=date(2027, 1, 11), format="placement", hosts=ABROAD, capacity=1))
    (desk,), (visits,) = draft.of_kind("registration"), draft.of_kind("visits")
    assert (desk.places, desk.capacity) == ("selected", 1)
    (stay,) = visits.slots
    assert [candidate.host for candidate in stay.candidates] == ["dokk1", "deichman", "malmo"]
    assert stay.ends.at - stay.begins.at > timedelta(days=14)


def test_a_study_trip_goes_from_host_to_host_in_one_journey(tmp_path: Path):
    draft = drafted(tmp_path, Wishes(begins=date(2027, 1, 11), format="study-trip", hosts=ABROAD))
    stops = draft.step("visits").slots
    assert [slot.candidates[0].host for slot in stops] == ["dokk1", "deichman", "malmo"]
    assert stops[-1].ends.at - stops[0].begins.at < timedelta(days=10)


def test_whoever_is_no_ones_first_choice_can_stand_in(tmp_path: Path):
    three = slots(Wishes(begins=date(2027, 1, 11), hosts=ABROAD))
    assert [[host.id for host in candidates] for candidates in three] == [["dokk1", "malmo"], ["deichman", "malmo"]]


def test_hosts_are_asked_three_months_before_and_the_report_is_six_to_eight_weeks_later(tmp_path: Path):
    draft = drafted(tmp_path, Wishes(begins=date(2027, 1, 11)))
    visits, final, (report,) = draft.step("visits"), draft.step("final-seminar"), draft.of_kind("report")
    assert visits.slots[0].begins.at - visits.prepare.at > timedelta(days=90)
    assert timedelta(weeks=6) <= report.due.at - final.ends.at <= timedelta(weeks=8)
    assert draft.of_kind("feedback")[0].opens.local[:10] == "2027-06-15" > final.ends.local[:10] == "2027-06-14"


def test_one_who_decides_alone_is_not_asked_for_a_second_pair_of_eyes(tmp_path: Path):
    wishes = Wishes(begins=date(2027, 1, 11), coordinator="Maija", director="maija")
    plan = written(tmp_path, wishes)
    assert [fault for fault in check_plan(plan, {"maija": Staffer("s_m")}) if not fault.unwritten] == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("begins", [date(2027, 9, 6), date(2027, 10, 4), date(2027, 11, 1), date(2027, 12, 20)])
def test_nothing_begins_or_ends_at_christmas(tmp_path: Path, form, begins):
    draft = drafted(tmp_path, Wishes(begins=begins, format=form, hosts=ABROAD))
    days = {when.local[5:10] for when in found(draft, When) if when not in reminders(draft)}
    assert [day for day in days if not "01-07" < day < "12-20"] == []


def reminders(draft: CyclePlan) -> list[When]:
    return [when for step in draft.steps for when in getattr(step, "remind", ())]
