"""The coordinator's desk in Chromium: nothing in anybody's way, at a telephone's width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page
from starlette.routing import Route

from portal.pages import areas
from tests.cli.world import KRISTINA, World, clock
from tests.portal.browser.conftest import serving
from tests.portal.browser.look import audit, press
from tests.portal.desk import Desk


@dataclass(frozen=True)
class Office:
    """A desk that is served, and two cycles' worth of things on it."""

    desk: Desk
    address: str
    cycle: str
    token: str


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    world = World(folder)
    with pytest.MonkeyPatch.context() as patch, serving(world.store, folder, now=clock) as house:
        desk = Desk(world, patch)
        cycle = world.start(days_ago=20, ask=("diet", "access"))
        token, _ = world.store.open_session(world.staff[KRISTINA], "portal")
        yield Office(desk, house.address, cycle, token)
    world.store.close()


@pytest.fixture
def seated(tab: Page, office: Office) -> Page:
    """A tab in which Kristina has signed in."""
    tab.context.add_cookies([{"name": "kierros", "value": office.token, "url": office.address}])
    return tab


def at(office: Office, path: str) -> str:
    anna = office.desk.person(office.cycle, "Anna Example").ref
    return office.address + path.format(cycle=office.cycle, person=anna)


CYCLE = "/staff/cycles/{cycle}"
PAGES = [
    "/staff", CYCLE, f"{CYCLE}/year", f"{CYCLE}/history", f"{CYCLE}/people", f"{CYCLE}/letters", f"{CYCLE}/write",
    f"{CYCLE}/needs", f"{CYCLE}/learned", f"{CYCLE}/people/{{person}}",
    "/staff/decisions/{cycle}/approve-invitations-1", "/staff/decisions/{cycle}/approve-visits-1",
    "/staff/decisions/{cycle}/approve-invitations-1/paragraph",
    "/staff/amend/{cycle}", "/staff/amend/{cycle}?edit", "/staff/import/{cycle}",
    "/staff/start", "/staff/handover", "/staff/handover/paper",
    f"{CYCLE}/attendance", f"{CYCLE}/attendance/introductory-seminar", f"{CYCLE}/attendance/introductory-seminar/list",
    *(f"{CYCLE}/do/{deed}" for deed in ("answer", "register", "host", "move")),
    *(f"{CYCLE}/do/{deed}" for deed in ("spend", "replace", "handover", "cancel")),
]  # fmt: skip
NO_PAGES = re.compile(r"\.(yaml|csv|html)$|/report$|^/staff/cycles$|/people/\{person\}/needs$|/letters/\{letter:int\}$")
"""Files, letters and the report, which are looked at elsewhere, and addresses that only lead on."""


def test_no_page_of_the_desk_is_left_out():
    routes = [one for area in areas() for one in area.routes if isinstance(one, Route)]
    pages = [one for one in routes if one.path.startswith("/staff") and "GET" in (one.methods or ())]
    looked = [path.partition("?")[0] for path in PAGES]

    missing = [one.path for one in pages if not any(one.path_regex.match(path) for path in looked)]
    assert [path for path in missing if not NO_PAGES.search(path)] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_desk_stands_in_nobody_s_way(seated: Page, office: Office, path: str):
    seated.goto(at(office, path))

    audit(seated)


def test_a_form_with_mistakes_leads_to_its_fields(seated: Page, office: Office):
    seated.goto(at(office, f"{CYCLE}/do/spend"))
    press(seated.get_by_role("button", name="Show what it will do"))

    audit(seated)
    assert seated.evaluate("document.activeElement.className") == "errors"


def test_what_a_deed_will_do_is_shown_first(seated: Page, office: Office):
    seated.goto(at(office, f"{CYCLE}/do/suspend"))
    seated.get_by_label("Reason").fill("The house is flooded")
    press(seated.get_by_role("button", name="Show what it will do"))

    audit(seated)
    assert seated.get_by_role("button", name="Suspend it").is_visible()


def test_a_decision_that_was_taken_leads_on(seated: Page, office: Office):
    seated.goto(at(office, "/staff/decisions/{cycle}/approve-invitations-1"))
    press(seated.get_by_role("button", name="Approve: 3 letters"))

    audit(seated)
    assert seated.get_by_text("You have decided this").is_visible()


def test_a_plan_is_sent_mended_and_looked_at(seated: Page, office: Office):
    plan = seated.request.get(at(office, f"{CYCLE}/plan.yaml")).text()
    seated.goto(at(office, "/staff/amend/{cycle}"))
    broken = plan.replace("capacity: ", "capacity: -").encode()
    seated.set_input_files("#f-plan", {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": broken})
    seated.get_by_label("Reason").fill("Hosts are slow")
    press(seated.get_by_role("button", name="Show what it will change"))
    audit(seated)
    assert seated.evaluate("document.activeElement.className") == "errors"

    seated.get_by_label("The plan", exact=False).last.fill(plan.replace("answer_within: 14", "answer_within: 21"))
    press(seated.get_by_role("button", name="Show what it will change"))
    audit(seated)
    assert "21 days" in seated.inner_text("table")

    usual = seated.viewport_size
    seated.set_viewport_size({"width": 320, "height": 800})
    assert seated.evaluate(
        "document.querySelector('.table').scrollWidth <= document.querySelector('.table').clientWidth"
    )
    audit(seated)
    seated.set_viewport_size(usual)


def test_what_people_told_is_read_by_a_button_and_can_be_printed(seated: Page, office: Office):
    desk, cycle = office.desk, office.cycle
    if "approve-invitations-1" in desk.world.prompts(cycle):
        desk.approve(cycle, "approve-invitations-1", KRISTINA)
    anna = desk.person(cycle, "Anna Example")
    assert desk.world.type("register", anna.address).code == 0
    desk.world.store.tell(cycle, anna.ref, {"diet": "Vegetarian", "access": "A way without stairs"})
    desk.world.pass_time(cycle)

    seated.goto(at(office, f"{CYCLE}/needs"))
    press(seated.get_by_role("button", name="Read the answers"))

    audit(seated)
    assert seated.get_by_role("cell", name="A way without stairs").is_visible()
    seated.emulate_media(media="print")
    assert not seated.get_by_role("button", name="Read the answers").is_visible()
    assert seated.get_by_role("cell", name="A way without stairs").is_visible()


def test_a_list_is_shown_row_by_row(seated: Page, office: Office):
    seated.goto(at(office, "/staff/import/{cycle}"))
    rows = b"name,address\nBerta Neu,berta@library.example\nNobody,nowhere\n"
    seated.set_input_files("#f-people", {"name": "people.csv", "mimeType": "text/csv", "buffer": rows})
    press(seated.get_by_role("button", name="Show what becomes of each row"))

    audit(seated)
    assert "nowhere" in seated.inner_text("table")


def test_a_year_is_shown_before_it_is_started(seated: Page, office: Office):
    seated.goto(at(office, "/staff/start"))
    files = {
        name: seated.request.get(at(office, f"/staff/start/{name}")).text() for name in ("plan.yaml", "people.csv")
    }
    for field, name in (("plan", "plan.yaml"), ("people", "people.csv")):
        words = files[name].replace("Name of the director", "Olga Sokolova").encode()
        seated.set_input_files(f"#f-{field}", {"name": name, "mimeType": "text/plain", "buffer": words})
    seated.get_by_label("As practice, in which the year takes 10 minutes").check()
    press(seated.get_by_role("button", name="Show the year"))

    audit(seated)


def test_what_was_learned_is_read_without_hindrance(seated: Page, office: Office):
    anna = office.desk.person(office.cycle, "Anna Example").ref
    office.desk.world.store.tell(office.cycle, anna, {"learned": {"what": "A garden", "from": "host-library"}})
    seated.goto(at(office, f"{CYCLE}/learned"))

    audit(seated)
    assert seated.get_by_text("A garden").is_visible()


def test_a_handover_is_looked_at_first(seated: Page, office: Office):
    maria = office.desk.world.store.add_staff("Maria Berg", "maria@library.example")
    seated.goto(at(office, "/staff/handover"))
    seated.select_option("#f-source", office.desk.world.staff[KRISTINA])
    seated.select_option("#f-to", maria)
    seated.get_by_label("Reason").fill("On leave")
    press(seated.get_by_role("button").last)

    audit(seated)
    assert "Maria Berg" in seated.inner_text("main")
