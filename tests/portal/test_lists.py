"""Lists at the desk: people registered from a file, and who was there."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from exchange.base import Command
from portal import acting, uploads
from portal.staff import Case
from runtime.engine import EngineUnreachable
from tests.cli.world import KRISTINA, OLGA, World
from tests.portal.desk import Desk
from tests.portal.world import Browser, sealed

LIST = """name;address;language;library
Berta Neu;berta@library.example;fi;home-library
Anna Example;anna@library.example;;
Nobody;no address;;
Dora <b>Neu</b>;dora@library.example;;second-library
Berta Again;BERTA@library.example;;
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


async def sends(web: Browser, cycle: str, data: bytes, name: str = "people.csv") -> httpx.Response:
    path = f"/staff/import/{cycle}"
    seal = sealed(await web.get(path))
    return await web.client.post(path, data={"seal": seal, "deed": "look"}, files={"people": (name, data)})


async def confirmed(web: Browser, look: httpx.Response) -> httpx.Response:
    last = look.text.rpartition("<form")[2]
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', last):
        fields.setdefault(name, []).append(html.unescape(value))
    return await web.client.post(look.url.path, data={**fields, "deed": "act"})


def words(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main")[1])).split())


def registered(desk: Desk, cycle: str) -> set[str]:
    people = {one.ref: one.name for one in desk.world.store.people(cycle)}
    return {people[ref] for ref in desk.state(cycle).desk("registration").people}


async def test_each_row_is_shown_with_what_becomes_of_it_and_nothing_is_done(desk: Desk):
    cycle = desk.invited()
    before, people = desk.everything(cycle), len(desk.world.store.people(cycle))

    look = await sends(desk.browser(), cycle, LIST.encode("cp1252"))

    said = words(look)
    assert "Taken 3 Not taken 1 There already 1" in said
    assert "2 Berta Neu With a place" in said
    assert re.search(r"4 Nobody not taken address: .*no address", said)
    assert "6 there already the address stands in row 2 already" in said
    assert "Dora &lt;b&gt;Neu" in look.text
    assert "To those who are taken: 3 letters" in said
    assert (desk.everything(cycle), len(desk.world.store.people(cycle))) == (before, people)


async def test_the_list_is_registered_in_its_order_and_again_adds_nothing(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    look = await sends(web, cycle, LIST.encode())

    first, second = await confirmed(web, look), await confirmed(web, look)

    assert "Taken 3 Not taken 1 There already 1" in words(first)
    assert "Taken 0 Not taken 1 There already 4" in words(second)
    assert registered(desk, cycle) == {"Berta Neu", "Anna Example", "Dora <b>Neu</b>"}


async def test_a_workbook_is_taken_too(desk: Desk):
    cycle, web, book, file = desk.invited(), desk.browser(), Workbook(), io.BytesIO()
    book.active.append(["Nimi", "Sähköposti"])
    book.active.append(["Berta Neu", "berta@library.example"])
    book.save(file)

    await confirmed(web, await sends(web, cycle, file.getvalue(), "lista.xlsx"))

    assert registered(desk, cycle) == {"Berta Neu"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty; it needs a row of headings"),
        (b"just words", "has no heading for"),
        (b"\xd0\xcf\x11\xe0 old", "is an old or password-protected Excel file"),
        (b"PK\x03\x04 broken", "is no workbook that can be opened"),
        (b'name,address\n"never closed', "look for a quotation mark that is never closed"),
    ],
)
async def test_a_file_that_is_no_list_comes_back_with_its_sentence(desk: Desk, data: bytes, said: str):
    cycle = desk.invited()

    sent = await sends(desk.browser(), cycle, data, "people <i>.csv")

    assert sent.status_code == 422
    assert said in words(sent)
    assert "<i>.csv" not in sent.text


async def test_a_list_that_the_next_page_could_not_carry_on_is_turned_away_at_once(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    blank = " " * 999 + "\n"
    head = "name,address\nBerta Neu,berta@library.example\n" + blank * (uploads.LARGEST // len(blank) - 1)

    look = await sends(web, cycle, head.encode())
    assert (await confirmed(web, look)).status_code == 200
    assert (await sends(web, cycle, (head + blank * 2).encode())).status_code == 413


async def test_a_list_after_the_end_of_the_cycle_registers_nobody(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    await web.post(f"/staff/cycles/{cycle}/do/cancel", {"reason": "x", "deed": "act", "once": "1"})

    look = await sends(web, cycle, LIST.encode())

    assert "Register those who can be taken" not in look.text


async def test_who_was_there_is_read_and_not_asked_after_the_end_of_the_cycle(desk: Desk):
    cycle, web = begun(desk), desk.browser()
    seminar = desk.state(cycle).seminars()[0]
    path = f"/staff/cycles/{cycle}/attendance/{seminar.id}"
    assert "Show whom it concerns" in (await web.get(path)).text
    await web.post(f"/staff/cycles/{cycle}/do/cancel", {"reason": "x", "deed": "act", "once": "1"})

    page = (await web.get(path)).text

    assert "nothing in it changes any more" in page
    assert "Show whom it concerns" not in page


# -- who was there -----------------------------------------------------------------------------------------------------


def begun(desk: Desk) -> str:
    """A cycle with a group of two, a day after its first seminar began."""
    cycle = desk.invited()
    for name in ("Anna Example", "Cecilia Example"):
        desk.registers(cycle, name)
    seminar = desk.state(cycle).seminars()[0]
    object.__setattr__(desk.house, "now", lambda: max(datetime.now(UTC), seminar.begins.at + timedelta(hours=1)))
    return cycle


async def test_who_was_there_is_noted_after_showing_whom_it_concerns(desk: Desk):
    cycle, web = begun(desk), desk.browser()
    anna, cecilia = desk.person(cycle, "Anna Example").ref, desk.person(cycle, "Cecilia Example").ref
    path = f"/staff/cycles/{cycle}/attendance/introductory-seminar"

    look = await web.post(path, {"there": [anna], "rest": "absent", "deed": "look"})
    assert "Noted as there Anna Example Noted as not there Cecilia Example" in words(look)
    assert not desk.told
    done = await confirmed(web, look)

    assert done.status_code == 303
    book = desk.state(cycle).gathering("introductory-seminar").attendance
    assert (book.get(anna), book.get(cecilia)) == (True, False)
    page = await web.get(path)
    assert re.search(rf'value="{anna}" checked', page.text)


async def test_a_note_that_broke_off_is_made_whole_by_sending_the_page_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    cycle, web, known = begun(desk), desk.browser(), set[str]()
    told = acting._told

    async def as_the_engine(case: Case, command: Command, update: str) -> None:
        """It answers what it has answered before, and is away once the first is noted."""
        if update in known:
            return
        if len(known) == 1 and not desk.told[1:]:
            desk.told.append(command)
            raise EngineUnreachable("here", "away")
        known.add(update)
        await told(case, command, update)

    monkeypatch.setattr("portal.acting._told", as_the_engine)
    look = await web.post(f"/staff/cycles/{cycle}/attendance/introductory-seminar", {"rest": "absent", "deed": "look"})

    assert (await confirmed(web, look)).status_code == 503
    assert (await confirmed(web, look)).status_code == 303

    book = desk.state(cycle).gathering("introductory-seminar").attendance
    assert [book.get(ref) for ref in desk.state(cycle).group()] == [False, False]


async def test_those_without_a_mark_can_stay_open(desk: Desk):
    cycle, web = begun(desk), desk.browser()
    anna, cecilia = desk.person(cycle, "Anna Example").ref, desk.person(cycle, "Cecilia Example").ref
    path = f"/staff/cycles/{cycle}/attendance/introductory-seminar"

    await confirmed(web, await web.post(path, {"there": [anna], "rest": "open", "deed": "look"}))

    book = desk.state(cycle).gathering("introductory-seminar").attendance
    assert (book.get(anna), book.get(cecilia)) == (True, None)


async def test_before_it_begins_nothing_can_be_noted_and_the_list_can_be_printed(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    desk.registers(cycle, "Anna Example")
    path = f"/staff/cycles/{cycle}/attendance/introductory-seminar"

    page, printed = await web.get(path), await web.get(f"{path}/list")

    assert "It has not begun yet" in page.text
    assert "Anna Example" in printed.text
    seal = sealed(page)
    sent = await web.client.post(
        path, data={"seal": seal, "there": [desk.person(cycle, "Anna Example").ref], "rest": "open"}
    )
    assert sent.status_code == 422
    assert "Nothing was decided" in sent.text
    assert not desk.told


async def test_somebody_of_another_cycle_is_no_choice(desk: Desk):
    cycle, web = begun(desk), desk.browser()
    path = f"/staff/cycles/{cycle}/attendance/introductory-seminar"

    sent = await web.post(path, {"there": ["p_another"], "rest": "open", "deed": "act", "once": "1"})

    assert sent.status_code == 422
    assert not desk.told


async def test_who_holds_no_role_there_notes_nothing(desk: Desk):
    cycle = begun(desk)
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")
    path = f"/staff/cycles/{cycle}/attendance/introductory-seminar"
    anna = desk.person(cycle, "Anna Example").ref

    sent = await desk.browser("Maria Berg").post(path, {"there": [anna], "rest": "open", "deed": "look"})

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this." in sent.text


# -- typed in for people and libraries -------------------------------------------------------------------------------


async def test_somebody_new_is_registered_by_telephone_and_known_only_then(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    path = f"/staff/cycles/{cycle}/do/register"
    typed = {"address": "berta@library.example", "name": "Berta  Neu", "library": "home-library", "deed": "look"}

    look = await web.post(path, typed)
    assert "Berta Neu" in words(look)
    assert desk.world.store.by_address(cycle, "berta@library.example") is None
    await confirmed(web, look)

    berta = desk.world.store.by_address(cycle, "berta@library.example")
    assert berta is not None
    assert (berta.name, berta.home) == ("Berta Neu", "home-library")
    _, place = desk.state(cycle).place(berta.ref)
    assert (place.state, place.home) == ("confirmed", "home-library")
    nameless = await web.post(path, {"address": "dora@library.example", "deed": "look"})
    assert "Give the name, too" in words(nameless)


async def test_a_colleague_of_the_same_library_comes_instead(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    desk.registers(cycle, "Anna Example")
    anna = desk.person(cycle, "Anna Example")
    typed = {
        "person": anna.address,
        "by": "berta@library.example",
        "name": "Berta Neu",
        "reason": "Ill",
        "deed": "look",
    }

    look = await web.post(f"/staff/cycles/{cycle}/do/instead", typed)
    assert "Berta Neu" in words(look)
    await confirmed(web, look)

    berta = desk.world.store.by_address(cycle, "berta@library.example")
    assert berta is not None
    assert desk.state(cycle).place(berta.ref)[1].state == "confirmed"


async def test_a_cycle_that_has_ended_is_found_again(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    assert "Cycles that have ended" not in (await web.get("/staff")).text
    await web.post(f"/staff/cycles/{cycle}/do/cancel", {"reason": "x", "deed": "act", "once": "1"})

    page = await web.get("/staff")

    assert f'href="/staff/cycles/{cycle}"' in page.text.partition("Cycles that have ended")[2]
    assert (await web.get(f"/staff/cycles/{cycle}/report.html")).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"deed": "answer", "person": "anna@library.example", "said": "yes"},
        {"deed": "register", "address": "berta@library.example", "name": "Berta Neu"},
        {"deed": "instead", "person": "anna@library.example", "by": "berta@library.example", "name": "Berta Neu"},
    ],
)
async def test_who_holds_no_role_there_types_nothing_in(desk: Desk, typed: dict[str, str]):
    cycle = desk.invited()
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")
    before, people = desk.everything(cycle), len(desk.world.store.people(cycle))
    path = f"/staff/cycles/{cycle}/do/{typed.pop('deed')}"

    sent = await desk.browser("Maria Berg").post(path, {**typed, "deed": "act", "once": "1"})

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this." in words(sent)
    assert (desk.everything(cycle), len(desk.world.store.people(cycle))) == (before, people)


async def test_who_holds_no_role_there_registers_no_list(desk: Desk):
    cycle = desk.invited()
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")

    sent = await sends(desk.browser("Maria Berg"), cycle, LIST.encode())

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this." in words(sent)
    assert (
        f"Who may: {KRISTINA} (coordinator) or {OLGA} (director). One of them can do it, or hand a role over to you."
    ) in words(sent)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "=HYPERLINK(1)"},
        {"name": "12345"},
        {"address": "Berta Neu <berta@library.example>"},
        {"address": "berta@lіbrary.example"},
    ],
)
async def test_what_no_list_would_take_as_a_name_or_an_address_is_not_typed_in_either(
    desk: Desk, typed: dict[str, str]
):
    cycle, web = desk.invited(), desk.browser()
    before, people = desk.everything(cycle), len(desk.world.store.people(cycle))

    sent = await web.post(
        f"/staff/cycles/{cycle}/do/register",
        {"address": "berta@library.example", "name": "Berta Neu"} | typed | {"deed": "act", "once": "1"},
    )

    assert sent.status_code == 422
    assert (desk.everything(cycle), len(desk.world.store.people(cycle))) == (before, people)
