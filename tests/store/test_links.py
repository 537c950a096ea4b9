"""Personal links: the same each time, for one purpose, one person and one cycle, and kept by their mark only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, update

from runtime.keys import Keys
from store import links as linking
from store.engine import Ground, connect
from store.links import LENGTH, PURPOSES, Closed, Link, Links, mark_of, token_of
from store.migrating import migrate, revision, upgrade
from store.schema import REVISION, cycles
from store.store import Store
from tests.store.builders import NOON, after, anna, started

KEYS = Keys(b"k" * 32)
END = after(days=200)
PLACE: linking.About = ("place", "")
ANNA, BO = "p_anna", "p_bo"


@pytest.fixture
def links(store: Store) -> Links:
    return Links(store, KEYS)


def opened(links: Links, token: str, **span: float) -> Link:
    found = links.open(token, after(**span))
    assert isinstance(found, Link), found
    return found


def closed(links: Links, token: str, **span: float) -> str:
    found = links.open(token, after(**span))
    assert isinstance(found, Closed), found
    return found.reason


def test_a_link_opens_what_it_was_made_for(store: Store, links: Links):
    cycle = started(store)
    token = links.issue(cycle, ANNA, ("host", "visits/oulu/library"), END, NOON)
    assert len(token) == LENGTH
    link = opened(links, token)
    assert (link.purpose, link.cycle, link.ref) == ("host", cycle, ANNA)
    assert link.parts == ("visits", "oulu", "library")
    assert (link.revision, link.issued_at, link.expires_at) == (1, NOON, END)
    assert opened(links, links.issue(cycle, ANNA, PLACE, END, NOON)).parts == ()


def test_the_same_link_is_the_same_token_whenever_it_is_asked_for(store: Store, links: Links):
    cycle = started(store)
    first = links.issue(cycle, ANNA, PLACE, END, NOON)
    later = links.issue(cycle, ANNA, PLACE, END + timedelta(days=9), after(days=3))
    assert later == first, "though the year has become longer meanwhile"
    assert Links(store, Keys(b"k" * 32)).issue(cycle, ANNA, PLACE, END, NOON) == first


def test_each_purpose_person_matter_and_cycle_has_a_link_of_its_own(store: Store, links: Links):
    one, other = started(store), started(store)
    wanted = [(purpose, about) for purpose in sorted(PURPOSES) for about in ("", "a", "b")]
    tokens = [
        links.issue(cycle, ref, about, END, NOON)  # type: ignore[arg-type]  # every purpose there is
        for cycle in (one, other)
        for ref in (ANNA, BO)
        for about in wanted
    ]
    assert len(set(tokens)) == len(tokens) == 2 * 2 * 27
    for number, token in enumerate(tokens):
        link = opened(links, token)
        assert link.cycle == (one if number < 54 else other)
        assert (link.purpose, link.about) == wanted[number % 27]


def test_a_token_cannot_be_made_without_the_secret(store: Store, links: Links):
    cycle = started(store)
    link = opened(links, links.issue(cycle, ANNA, PLACE, END, NOON))
    assert closed(links, token_of(Keys(b"x" * 32).derived("links"), link)) == "unknown"
    assert closed(links, token_of(KEYS.derived("proofs"), link)) == "unknown"


@pytest.mark.parametrize("token", ["", "x", "A" * 24, "A" * 5000, "ä" * 24, "\x00", "\ud800", "%2e%2e"])
def test_what_never_was_a_token_is_unknown(store: Store, links: Links, token: str):
    links.issue(started(store), ANNA, PLACE, END, NOON)
    assert links.open(token, NOON) == Closed(reason="unknown")


def test_a_link_ends_at_its_end(store: Store, links: Links):
    token = links.issue(started(store), ANNA, PLACE, END, NOON)
    assert opened(links, token, days=200, microseconds=-1)
    found = links.open(token, END)
    assert isinstance(found, Closed)
    assert (found.reason, found.link and found.link.ref) == ("expired", ANNA)


def test_opening_uses_nothing_up(store: Store, links: Links):
    token = links.issue(started(store), ANNA, PLACE, END, NOON)
    assert len({opened(links, token) for _ in range(3)}) == 1


def test_a_link_is_used_up_once(store: Store, links: Links):
    token = links.issue(started(store), ANNA, ("data", ""), END, NOON)
    link = opened(links, token)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: links.use(link, NOON), range(8))) == [False] * 7 + [True]
    assert closed(links, token) == "used"


def test_whoever_lost_her_letter_gets_new_links_and_the_old_ones_end(store: Store, links: Links):
    cycle, other = started(store), started(store)
    place, data, of_bo = (
        links.issue(cycle, *who, END, NOON) for who in ((ANNA, PLACE), (ANNA, ("data", "")), (BO, PLACE))
    )  # type: ignore[arg-type]
    elsewhere = links.issue(other, ANNA, PLACE, END, NOON)
    assert links.reissue(cycle, ANNA, NOON) == 2
    assert closed(links, place) == closed(links, data) == "superseded"
    assert opened(links, of_bo).ref == BO
    assert opened(links, elsewhere).cycle == other
    again = links.issue(cycle, ANNA, PLACE, END, NOON)
    assert again != place
    assert opened(links, again).revision == 2
    assert links.reissue(cycle, ANNA, NOON) == 1
    assert opened(links, links.issue(cycle, ANNA, PLACE, END, NOON)).revision == 3
    assert not links.use(opened(links, of_bo).model_copy(update={"ref": ANNA}), NOON), "what is superseded is not used"


@pytest.mark.parametrize(("phase", "reason"), [("finished", "cycle_over"), ("cancelled", "cancelled")])
def test_when_the_cycle_is_over_ones_data_and_the_opt_out_are_still_there(
    store: Store, links: Links, phase: str, reason: str
):
    cycle = started(store)
    tokens = {purpose: links.issue(cycle, ANNA, (purpose, ""), END, NOON) for purpose in PURPOSES}  # type: ignore[arg-type]
    with store.writing() as connection:
        connection.execute(update(cycles).where(cycles.c.id == cycle).values(ended_at=NOON, phase=phase))
    for purpose, token in tokens.items():
        if purpose in {"data", "optout"}:
            assert opened(links, token).purpose == purpose
        else:
            assert closed(links, token) == reason


def test_with_another_secret_the_older_links_end(store: Store, links: Links):
    token = links.issue(started(store), ANNA, PLACE, END, NOON)
    changed = Links(store, Keys(b"n" * 32))
    assert closed(changed, token) == "superseded"
    assert links.made_here() is True
    assert changed.made_here() is False


def test_where_there_is_no_link_nobody_can_say_whose_secret_made_it(store: Store, links: Links):
    started(store)
    assert links.made_here() is None


def test_several_links_of_one_letter_are_made_within_its_transaction(store: Store, links: Links):
    cycle = started(store)
    wanted: list[linking.About] = [PLACE, ("data", ""), PLACE]
    with store.writing() as connection:
        tokens = links.tokens(connection, cycle, ANNA, wanted, END, NOON)
    assert sorted(tokens) == [("data", ""), PLACE]
    with store.writing() as connection:
        more = links.tokens(connection, cycle, ANNA, [*wanted, ("optout", "survey")], END, NOON)
    assert tokens.items() < more.items()


def test_senders_that_are_at_it_at_once_make_one_link(store: Store, links: Links):
    cycle = started(store)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda n: links.issue(cycle, ANNA, PLACE, END + timedelta(n), NOON), range(8)))
    assert len(made) == 1


def test_an_erased_persons_links_are_gone_and_nobody_elses(store: Store, links: Links):
    cycle, other = started(store), started(store)
    hers, of_bo = (links.issue(cycle, ref, PLACE, END, NOON) for ref in (ANNA, BO))
    elsewhere = links.issue(other, ANNA, PLACE, END, NOON)
    with store.writing() as connection:
        assert linking.forget(connection, cycle, ANNA) == 1
        assert linking.forget(connection, cycle, ANNA) == 0
    assert closed(links, hers) == "unknown"
    assert opened(links, of_bo)
    assert opened(links, elsewhere)


def test_the_token_is_nowhere_in_the_file(store: Store, links: Links, tmp_path: Path, database: str):
    token = links.issue(started(store), ANNA, PLACE, END, NOON)
    if database == "sqlite":
        raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert mark_of(token).encode() in raw
        assert token.encode() not in raw


def test_the_table_comes_with_its_form_and_only_adds(empty_url: str):
    engine, where = connect(empty_url)
    ground = Ground(engine, where, "")
    with ground.writing() as connection:
        upgrade(connection, where, "0004")
        assert "links" not in inspect(connection).get_table_names()
        upgrade(connection, where, "0005")
        assert revision(connection) == "0005"
    migrate(ground, where)
    with ground.writing() as connection:
        assert revision(connection) == REVISION
        assert not linking.any_links(connection)
    engine.dispose()


# ------------------------------------------------------------------------------------------------- a letter with links


def asked_for(store: Store, cycle: str) -> list[str]:
    return [row.facts["links"] for row in store.letters(cycle, kind="new_link")]


def with_anna(store: Store) -> str:
    cycle = started(store)
    store.find_or_add(cycle, anna(ref=ANNA), NOON)
    return cycle


def test_whoever_lost_her_letter_gets_one_with_all_the_links_that_she_has_had(store: Store, links: Links):
    cycle, other = with_anna(store), started(store)
    for about in (PLACE, ("data", ""), ("optout", "word"), ("host", "visits/oulu/oulu"), ("feedback", "feedback")):
        links.issue(cycle, ANNA, about, END, NOON)
    links.issue(cycle, BO, ("nominate", "registration/oulu"), END, NOON)
    links.issue(other, ANNA, ("learned", "feedback"), END, NOON)
    assert store.send_links(cycle, ANNA, now=NOON)
    assert asked_for(store, cycle) == ["feedback=feedback host=visits/oulu/oulu place="]
    assert asked_for(store, other) == []


def test_who_asks_again_within_the_hour_gets_one_letter_and_staff_may_send_more(store: Store, links: Links):
    cycle = with_anna(store)
    assert [store.send_links(cycle, ANNA, now=after(minutes=m)) for m in (0, 5, 59, 60)] == [True, False, False, True]
    assert store.send_links(cycle, ANNA, again=True, now=after(minutes=61))
    assert asked_for(store, cycle) == ["place="] * 3


def test_older_links_end_only_where_that_is_asked_for(store: Store, links: Links):
    cycle = with_anna(store)
    token = links.issue(cycle, ANNA, PLACE, END, NOON)
    store.send_links(cycle, ANNA, again=True, now=NOON)
    assert opened(links, token)
    store.send_links(cycle, ANNA, fresh=True, again=True, now=after(minutes=1))
    assert closed(links, token) == "superseded"
    assert asked_for(store, cycle) == ["place=", "place="]


def test_a_stranger_gets_no_letter(store: Store, links: Links):
    cycle, other = with_anna(store), started(store)
    assert not store.send_links(other, ANNA, now=NOON)
    assert not store.send_links(cycle, "p_nobody", now=NOON)
    assert asked_for(store, cycle) == asked_for(store, other) == []


def test_a_letter_with_links_leaves_also_where_she_wants_no_letters_and_the_cycle_stands_still(store: Store):
    cycle = with_anna(store)
    store.opt_out(cycle, ANNA, "", NOON)
    with store.writing() as connection:
        connection.execute(update(cycles).where(cycles.c.id == cycle).values(phase="suspended"))
    store.send_links(cycle, ANNA, now=NOON)
    assert [row.kind for row in store.claim(NOON, 10, timedelta(minutes=2))] == ["new_link"]


def test_what_has_expired_or_was_used_is_made_anew(store: Store, links: Links):
    cycle = started(store)
    old, used = (links.issue(cycle, ANNA, about, after(days=1), NOON) for about in (PLACE, ("data", "")))
    assert links.use(opened(links, used), NOON)
    assert links.issue(cycle, ANNA, ("data", ""), END, NOON) != used
    new = links.issue(cycle, ANNA, PLACE, END, after(days=1))
    assert closed(links, old, days=1) == "expired"
    assert opened(links, new, days=1).revision == 2
