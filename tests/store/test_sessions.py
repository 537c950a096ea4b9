"""Signing in by a letter, once; sessions that end; and the log of both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from store import security
from store.access import security_log
from store.faults import SessionOver, SignInRefused, TooManySignIns
from store.sessions import LETTERS, TRIES
from store.store import Store
from tests.store.builders import NOON, after

pytestmark = pytest.mark.usefixtures("url")


@pytest.fixture
def maija(store: Store) -> str:
    return store.add_staff("Maija Salo", "maija@library.example", now=NOON)


def refused(call, *arguments, **options) -> str:
    with pytest.raises(SignInRefused) as no:
        call(*arguments, **options)
    return no.value.why


def whats(store: Store) -> list[str]:
    return [entry.what for entry in reversed(store.security_log())]


def test_a_code_opens_one_session(store: Store, maija: str):
    letter = store.begin_sign_in(maija, "terminal", NOON)
    token, session = store.sign_in_with_code(maija, f" {letter.secret.lower().replace('-', ' ')}", NOON)
    assert (session.staff, session.door) == (maija, "terminal")
    assert store.session(token, "terminal", NOON) == session
    assert refused(store.sign_in_with_code, maija, letter.secret, NOON) == "void"
    assert whats(store) == ["signed_in"]


def test_a_link_opens_one_session_and_looking_at_it_uses_nothing_up(store: Store, maija: str):
    letter = store.begin_sign_in(maija, "portal", NOON)
    assert len(letter.secret) == 24
    assert [store.sign_in_link(letter.secret, NOON) for _ in range(3)] == [maija] * 3
    token, _ = store.sign_in_with_link(letter.secret, NOON)
    assert store.session(token, "portal", NOON) is not None
    assert refused(store.sign_in_with_link, letter.secret, NOON) == "used"
    assert refused(store.sign_in_link, letter.secret, NOON) == "used"
    assert refused(store.sign_in_link, "x" * 24, NOON) == "unknown"


def test_a_code_is_no_link_and_a_session_counts_at_its_own_door(store: Store, maija: str):
    code = store.begin_sign_in(maija, "terminal", NOON)
    assert refused(store.sign_in_with_link, code.secret, NOON) == "unknown"
    assert refused(store.sign_in_with_link, f"{maija}:{code.secret}", NOON) == "unknown"
    token, _ = store.sign_in_with_code(maija, code.secret, NOON)
    assert store.session(token, "portal", NOON) is None


def test_somebody_elses_code_is_wrong(store: Store, maija: str):
    jussi = store.add_staff("Jussi Korpi", "jussi@library.example", now=NOON)
    hers = store.begin_sign_in(maija, "terminal", NOON)
    store.begin_sign_in(jussi, "terminal", NOON)
    assert refused(store.sign_in_with_code, jussi, hers.secret, NOON) == "wrong"


def test_five_wrong_codes_make_it_void(store: Store, maija: str):
    letter = store.begin_sign_in(maija, "terminal", NOON)
    for left in reversed(range(TRIES)):
        with pytest.raises(SignInRefused, match=f"{left} tr" if left else "It is void now") as no:
            store.sign_in_with_code(maija, "AAAA-AAAA", NOON)
        assert no.value.left == left
    assert refused(store.sign_in_with_code, maija, letter.secret, NOON) == "void"
    assert whats(store) == ["wrong_code"] * TRIES


def test_only_the_newest_letter_counts_and_for_fifteen_minutes(store: Store, maija: str):
    first = store.begin_sign_in(maija, "terminal", NOON)
    second = store.begin_sign_in(maija, "terminal", after(minutes=1))
    assert refused(store.sign_in_with_code, maija, first.secret, after(minutes=2)) == "wrong"
    store.sign_in_with_code(maija, second.secret, after(minutes=15, seconds=59))
    link = store.begin_sign_in(maija, "portal", after(minutes=2))
    assert refused(store.sign_in_with_link, link.secret, after(minutes=17)) == "void"
    third = store.begin_sign_in(maija, "terminal", after(minutes=3))
    assert refused(store.sign_in_with_code, maija, third.secret, after(minutes=18)) == "void"


def test_nobodys_letterbox_is_filled(store: Store, maija: str):
    jussi = store.add_staff("Jussi Korpi", "jussi@library.example", now=NOON)
    for minute in range(LETTERS):
        store.begin_sign_in(maija, "portal", after(minutes=minute))
    with pytest.raises(TooManySignIns, match="in 50 minutes"):
        store.begin_sign_in(maija, "portal", after(minutes=10))
    store.begin_sign_in(jussi, "portal", after(minutes=10))
    store.begin_sign_in(maija, "portal", after(minutes=61))


def test_whoever_asks_at_the_portal_in_her_name_does_not_close_the_terminal(store: Store, maija: str):
    for minute in range(LETTERS):
        store.begin_sign_in(maija, "portal", after(minutes=minute))
    letter = store.begin_sign_in(maija, "terminal", after(minutes=10))
    assert store.sign_in_with_code(maija, letter.secret, after(minutes=11))[1].staff == maija


def test_a_session_ends_by_itself(store: Store, maija: str):
    here, _ = store.open_session(maija, "terminal", NOON)
    there, _ = store.open_session(maija, "portal", NOON)
    assert store.session(there, "portal", after(hours=7, minutes=59)) is not None
    assert store.session(there, "portal", after(hours=8)) is None
    assert store.session(here, "terminal", after(days=29)) is not None
    assert store.session(here, "terminal", after(days=30)) is None


def test_signing_out_counts_at_once(store: Store, maija: str):
    token, session = store.open_session(maija, "terminal", NOON)
    other, _ = store.open_session(maija, "portal", NOON)
    store.end_session(session, after(minutes=1))
    assert store.session(token, "terminal", after(minutes=1)) is None
    with pytest.raises(SessionOver):
        store.demand_session(session, after(minutes=1))
    assert store.session(other, "portal", after(minutes=1)) is not None
    assert [one.door for one in store.sessions(maija, after(minutes=1))] == ["portal"]
    store.end_session(session, after(minutes=2))
    assert whats(store) == ["signed_in", "signed_in", "signed_out"]


@pytest.mark.parametrize("how", ["everywhere", "removed"])
def test_everywhere_and_with_the_right_to_act_all_end(store: Store, maija: str, how: str):
    tokens = [store.open_session(maija, "terminal", NOON)[0] for _ in range(2)]
    code = store.begin_sign_in(maija, "terminal", NOON)
    link = store.begin_sign_in(maija, "portal", NOON)
    if how == "removed":
        store.remove_staff(maija, after(seconds=1))
    else:
        store.end_sessions(maija, after(seconds=1))
    assert [store.session(token, "terminal", after(seconds=2)) for token in tokens] == [None, None]
    assert refused(store.sign_in_with_code, maija, code.secret, after(seconds=2)) == "void"
    assert refused(store.sign_in_with_link, link.secret, after(seconds=2)) == "used"
    assert store.security_log()[0].detail == how


def test_who_comes_back_signs_in_anew(store: Store, maija: str):
    token, _ = store.open_session(maija, "terminal", NOON)
    store.remove_staff(maija, after(seconds=1))
    store.add_staff("Maija Salo", "maija@library.example", now=after(seconds=2))
    assert store.session(token, "terminal", after(seconds=3)) is None


def test_the_record_holds_no_secret(store: Store, maija: str):
    code, link = (store.begin_sign_in(maija, door, NOON).secret for door in ("terminal", "portal"))
    token, _ = store.open_session(maija, "terminal", NOON)
    with store.reading() as connection:
        tables = ("sign_ins", "sessions", "security_log")
        rows = [str(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))]
    assert not [row for row in rows for secret in (code, link, token) if secret in row]


def test_what_is_over_is_forgotten(store: Store, maija: str):
    store.begin_sign_in(maija, "terminal", NOON)
    store.open_session(maija, "portal", NOON)
    store.begin_sign_in(maija, "terminal", after(days=31))
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM sign_ins")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 0


def test_the_log_keeps_the_newest_and_forgets_after_a_year(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(security, "MOST", 3)
    for number in range(5):
        store.note_security("decision_refused", cycle=f"cycle-{number}", at=after(seconds=number))
    assert [entry.cycle for entry in store.security_log()] == ["cycle-4", "cycle-3", "cycle-2"]
    assert [entry.cycle for entry in store.security_log(since=after(seconds=4))] == ["cycle-4"]
    store.note_security("signed_in", staff="s_x", at=after(days=401))
    with store.reading() as connection:
        assert len(connection.execute(select(security_log.c.id)).all()) == 1
    assert store.security_log(what=["decision_refused"]) == []


def test_no_refusals_push_out_who_read_what_is_sensitive(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(security, "MOST", 3)
    store.note_security("needs_read", staff="s_x", cycle="cycle-1", at=NOON)
    for number in range(5):
        store.note_security("decision_refused", cycle="cycle-2", at=after(seconds=number))
    assert [entry.what for entry in store.security_log(cycle="cycle-1", most=1)] == ["needs_read"]
    assert len(store.security_log()) == 4
    store.note_security("signed_in", staff="s_x", at=after(days=401))
    assert store.security_log(what=["needs_read"]) == []


def test_a_session_that_is_over_for_a_while_is_none(store: Store, maija: str):
    _, session = store.open_session(maija, "portal", NOON)
    store.demand_session(session, NOON + timedelta(hours=1))
    with pytest.raises(SessionOver, match="kierros login"):
        store.demand_session(session, NOON + timedelta(hours=9))
