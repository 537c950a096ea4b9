"""`staff`, `doctor`, `go-live`, and what happens where something is out of reach."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from runtime.keys import read_keys
from runtime.settings import Settings
from store.links import Links
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, World


def test_staff_are_added_listed_and_removed(desk: Desk):
    assert desk("staff", "add", "Antti Laine", "antti@library.example", "--language", "fi").code == 0
    names = {one["name"]: one["language"] for one in desk("staff", "list", "--json").data}
    assert names["Antti Laine"] == "fi"
    assert desk("staff", "add", "Antti Laine", "antti@library.example").code == 1
    assert desk("staff", "remove", "Antti Laine", types=[""]).code == 1
    assert desk("staff", "remove", "antti@library.example", "--yes").code == 0
    assert desk("staff", "remove", "Antti Laine", "--yes").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["Bad\nName", "a@b.example"],
        ["Good Name", "no address"],
        ["Good Name", "a@n\u0430rva.example"],
        ["Good Name", "a@b.example", "--language", "xx-y"],
    ],
    ids=["name", "address", "two alphabets", "language"],
)
def test_staff_that_cannot_be_taken_is_a_sentence(desk: Desk, words: list[str]):
    ran = desk("staff", "add", *words)
    assert ran.code == 2
    assert ran.err.strip()


def test_doctor_says_what_is_wrong_and_how_to_mend_it(world: World):
    ran = world.run("doctor", "--json", KIERROS_PORTAL_URL="https://exchange.library.example")
    assert ran.code == 1
    found = {finding["name"]: finding for finding in ran.data["findings"]}
    assert found["Record"]["state"] == "ok"
    assert found["Staff"]["state"] == "ok"
    assert found["Time zones"]["state"] == "ok"
    assert found["Packages"]["state"] == "ok"
    assert found["Portal"]["state"] == "note"
    assert found["Engine"]["state"] == "wrong"
    assert "kierros up" in found["Engine"]["mend"]


def test_doctor_sees_that_a_zone_has_changed(world: World):
    from cli.checkup import record_checks
    from runtime.settings import Settings

    cycle = world.start(days_ago=1)
    with world.store.writing() as connection:
        data = connection.exec_driver_sql("SELECT plan FROM cycles").scalar_one()
        moved = data.replace("T07:00:00Z", "T06:00:00Z").replace("T08:00:00Z", "T06:30:00Z")
        assert moved != data
        connection.exec_driver_sql("UPDATE cycles SET plan = ? WHERE id = ?", (moved, cycle))
    found = {finding.name: finding for finding in record_checks(Settings(data=world.folder), lambda: world.store)}
    assert found["Time zones"].state == "note"
    assert "kierros move" in found["Time zones"].mend


class Listener:
    """Takes any letter and keeps none."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - the library's name
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(Listener(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def live(desk: Desk, monkeypatch: pytest.MonkeyPatch, port: int, typed: str) -> int:
    settings = {"TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none"}
    for name, value in {**settings, "SENDER": "Exchange <exchange@library.example>"}.items():
        monkeypatch.setenv(f"KIERROS_{name}", value)
    return desk("go-live", types=[typed]).code


def test_letters_go_live_once_the_mail_server_answers(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch, mail_server: int
):
    assert live(desk, monkeypatch, mail_server, "") == 1
    assert world.store.get_setting("live") is None
    assert live(desk, monkeypatch, mail_server, "exchange@library.example") == 0
    said = world.store.get_setting("live")
    assert said is not None
    assert said.by == world.staff[KRISTINA]
    assert live(desk, monkeypatch, mail_server, "") == 0


def test_letters_do_not_go_live_without_a_mail_server(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    assert desk("go-live").code == 2
    assert live(desk, monkeypatch, 1, "exchange@library.example") == 3
    assert world.store.get_setting("live") is None


# ---------------------------------------------------------------------------------------------- out of reach, misused


def test_a_locked_record_is_a_sentence(world: World):
    world.start(days_ago=20)
    other = sqlite3.connect(world.folder / "kierros.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        ran = world.run("staff", "add", "Antti Laine", "antti@library.example")
    finally:
        other.rollback()
        other.close()
    assert ran.code == 3
    assert "is being written by another process" in ran.sentence


def test_a_folder_that_cannot_be_used_is_a_sentence(desk: Desk, world: World):
    (world.folder / "file").write_text("")
    ran = desk("--data", str(world.folder / "file" / "inside"), "list")
    assert ran.code == 3
    assert "Name another with --data" in ran.sentence


def test_a_record_that_is_none_is_a_sentence(desk: Desk, world: World):
    other = world.folder / "other"
    other.mkdir()
    (other / "kierros.db").write_bytes(b"this is no database" * 100)
    ran = desk("--data", str(other), "list")
    assert ran.code == 3
    assert "Traceback" not in ran.err


def test_a_setting_without_meaning_is_a_sentence(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIERROS_SMTP_PORT", "post office")
    ran = desk("list")
    assert ran.code == 2
    assert "KIERROS_SMTP_PORT" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["dance"],
        ["list", "--colour"],
        ["approve", "a", "b"],
        ["capacity", "registration", "many"],
        ["host", "x", "perhaps"],
    ],
)
def test_a_misused_command_says_how_it_is_used(desk: Desk, world: World, words: list[str]):
    ran = desk(*words)
    assert ran.code == 2
    assert "--help" in ran.sentence
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_what_should_not_happen_is_still_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch, world: World):
    monkeypatch.setattr("cli.record.open_cycles", lambda: 1 / 0)
    ran = desk("waiting")
    assert ran.code == 1
    assert "KIERROS_DEBUG=1" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("KIERROS_DEBUG", "1")
    assert "Traceback" in desk("waiting").err


def test_two_members_of_staff_do_not_share_a_name(desk: Desk):
    assert desk("staff", "add", "Twin Name", "one@library.example").code == 0
    ran = desk("staff", "add", "twin name", "two@library.example")
    assert ran.code == 1
    assert "one@library.example) is staff already" in " ".join(ran.err.split())


def test_doctor_says_when_the_secret_is_gone_or_changed_while_links_are_about(world: World):
    links = Links(world.store, read_keys(Settings(data=world.folder)))
    cycle = world.start(days_ago=22)
    (world.folder / "secret.key").unlink()
    assert "Secret" not in world.run("doctor", "--json").out, "nothing is missed before there is a link"
    links.issue(cycle, "p_anna", ("place", ""), datetime(2099, 1, 1, tzinfo=UTC))
    gone = world.run("doctor")
    assert gone.code == 1
    assert "secret.key is gone: links in letters that have left open nothing" in " ".join(gone.out.split())
    assert not (world.folder / "secret.key").exists(), "a doctor makes none"
    other = world.run("doctor", "--json", KIERROS_SECRET="o" * 32)
    assert "it is another than that of the newest links" in other.out
    short = world.run("doctor", "--json", KIERROS_SECRET="short")
    assert "KIERROS_SECRET is too short" in short.out
