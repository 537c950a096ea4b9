"""Personal links in letters that leave: they work, they are the same in every copy, and nothing else holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.delivering import PostOffice
from activities.preparing import Scribe
from exchange.lasting import AFTERWARDS, links_last_until
from exchange.mail import Mail
from exchange.plan import Privacy
from exchange.record import Preparation
from letters.personal import LENGTH, found_in
from runtime.keys import read_keys
from runtime.portal_url import portal_address
from runtime.settings import Settings
from store.links import Link, Links, any_links
from store.models import Person, TextRow
from store.store import Store, open_store
from tests.store.builders import after, approved, mail, opened, plan, record

PORTAL = "https://exchange.library.example"
ANNA = Person(ref="p_anna", name="Анна Петрова", address="anna@library.example", language="ru")
BO = Person(ref="p_bo", name="Bo Berg", address="bo@library.example")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    yield made
    made.close()


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, portal_url=PORTAL)


def thanks(*to: str) -> Mail:
    return mail(*to, kind="host_thanks", step="visits", slot="oulu", host="oulu")


WORD = mail("p_bo", kind="word", step="word_1", facts={"subject": "n_1", "text": "n_2"})
"""A letter in staff's own words to Bo, of which he may want no more."""


def begun(store: Store, *letters: Mail) -> str:
    new = plan(languages=("en", "ru"))
    now = datetime.now(UTC)
    texts = [TextRow(ref=ref, cycle=new.id, kind="word", words={"en": "Bring a coat"}) for ref in ("n_1", "n_2")]
    store.start_cycle(new, [ANNA, BO], texts, now)
    store.keep(record(new.id, [opened()], *letters), now)
    return new.id


async def sent(store: Store, here: Settings) -> list[EmailMessage]:
    """A round of the post office, and what has arrived by then."""
    await ActivityEnvironment().run(PostOffice(store, here).deliver_letters)
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(here.mailbox.glob("*.eml"))]
    return [one for one in read if isinstance(one, EmailMessage)]


def links_in(letter: EmailMessage) -> list[str]:
    body = letter.get_body(("plain",))
    assert body is not None
    return re.findall(rf"^{PORTAL}/[lo]/(\S+)\r?$", body.get_content(), re.MULTILINE)


def purposes(store: Store, here: Settings, tokens: list[str]) -> list[tuple[str, str, str]]:
    links = Links(store, read_keys(here))
    found = [links.open(token) for token in tokens]
    return [(link.purpose, link.about, link.ref) for link in found if isinstance(link, Link)]


async def test_the_links_of_a_letter_that_left_open_what_it_is_about(store: Store, here: Settings):
    cycle = begun(store, mail("p_anna", kind="place_waiting"), thanks("p_bo"), WORD)
    arrived = [links_in(one) for one in await sent(store, here)]
    assert sorted(purposes(store, here, tokens) for tokens in arrived) == [
        [("host_feedback", "visits/oulu/oulu", "p_bo"), ("data", "", "p_bo")],
        [("optout", "word", "p_bo"), ("data", "", "p_bo")],
        [("place", "", "p_anna"), ("data", "", "p_anna")],
    ]
    for token in (one for tokens in arrived for one in tokens):
        link = Links(store, read_keys(here)).open(token)
        assert isinstance(link, Link)
        assert len(token) == LENGTH
        assert (link.cycle, link.expires_at) == (cycle, links_last_until(store.get_plan(cycle)))


async def test_one_click_and_the_link_to_the_same_page_are_one(store: Store, here: Settings):
    begun(store, WORD)
    (letter,) = await sent(store, here)
    (page,) = re.findall(rf"<{PORTAL}/o/(\S+)>", letter["List-Unsubscribe"])
    assert page in links_in(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_nothing_that_is_kept_holds_a_link_that_works(
    store: Store, here: Settings, capfd: pytest.CaptureFixture[str]
):
    cycle = begun(store, mail("p_anna", kind="place_waiting"), thanks("p_bo"), WORD)
    tokens = [token for letter in await sent(store, here) for token in links_in(letter)]
    assert len(set(tokens)) == 5
    for row in store.letters(cycle):
        whole = store.letter(row.id)
        assert whole is not None
        assert whole.data is not None
        assert found_in(whole.data)
        assert sha256(whole.data).hexdigest() == whole.digest, "what was sent is kept as it was approved"
    raw = b"".join(file.read_bytes() for file in here.data.glob("kierros.db*"))
    said = "".join(capfd.readouterr())
    assert all(token.encode() not in raw and token not in said for token in tokens)


async def test_a_person_has_one_link_for_one_thing_in_whatever_letter_it_stands(store: Store, here: Settings):
    cycle = begun(store, mail("p_anna", kind="place_waiting"))
    (first,) = [links_in(letter) for letter in await sent(store, here)]
    store.keep(record(cycle, [], mail("p_anna", kind="place_confirmed"), at=1), datetime.now(UTC))
    both = [links_in(letter) for letter in await sent(store, here)]
    assert both == [first, first]
    Links(store, read_keys(here)).reissue(cycle, "p_anna")
    store.keep(record(cycle, [], mail("p_anna", kind="place_waiting", mark="later"), at=1), datetime.now(UTC))
    *_, third = [links_in(letter) for letter in await sent(store, here)]
    assert not set(third) & set(first)
    assert purposes(store, here, first) == []
    assert len(purposes(store, here, third)) == 2


async def test_what_was_approved_holds_no_link_and_is_what_leaves_but_for_it(store: Store, here: Settings):
    cycle = begun(store)
    asked = thanks("p_anna", "p_bo").model_copy(update={"op": "hold", "batch": "visits/1"})
    prepared = Preparation(cycle=cycle, step="visits", revision=1, mails=(asked,))
    ready = ActivityEnvironment().run(Scribe(store, here).prepare_letters, prepared)
    before = {row.id: row.data for row in store.held(cycle, "visits/1")}
    assert len(before) == ready.letters == 2
    assert all(found_in(data or b"") for data in before.values())
    with store.reading() as connection:
        assert not any_links(connection), "none is made before a letter leaves"
    free = asked.model_copy(update={"op": "release"})
    store.keep(record(cycle, [approved(ready.digest, step="visits")], free, at=1), datetime.now(UTC))
    arrived = await sent(store, here)
    assert {row.id: row.data for row in map(store.letter, before) if row} == before
    assert store.batch_digest(cycle, "visits/1") == ready.digest
    raw = sorted(file.read_bytes() for file in here.mailbox.glob("*.eml"))
    assert sorted(map(len, raw)) == sorted(len(data or b"") for data in before.values())
    assert all(len(links_in(letter)) == 2 for letter in arrived)


async def test_without_a_portal_letters_have_no_links(store: Store, tmp_path: Path):
    cycle = begun(store, mail("p_anna", kind="place_waiting"))
    (letter,) = await sent(store, Settings(data=tmp_path))
    assert links_in(letter) == []
    assert [row.state for row in store.letters(cycle)] == ["sent"]


def test_the_address_of_the_pages_is_the_setting_or_what_runs_here(tmp_path: Path):
    assert portal_address(Settings(data=tmp_path)) == ""
    (tmp_path / "stack.json").write_text('{"portal": "http://127.0.0.1:8081/"}')
    assert portal_address(Settings(data=tmp_path)) == "http://127.0.0.1:8081"
    assert portal_address(Settings(data=tmp_path, portal_url=PORTAL)) == PORTAL
    for broken in ("", "[]", '{"portal": 3}', '{"ui": "x"}'):
        (tmp_path / "stack.json").write_text(broken)
        assert portal_address(Settings(data=tmp_path)) == ""


def test_links_last_as_long_as_data_is_kept_and_else_half_a_year_beyond_the_last_step():
    assert links_last_until(plan()) == after(days=70) + AFTERWARDS
    assert links_last_until(plan(privacy=Privacy(keep_months=2))) == after(days=70 + 62)
    shorter = plan().model_copy(update={"steps": plan().steps[:3]})
    assert links_last_until(shorter) == after(days=41) + timedelta(days=180)
