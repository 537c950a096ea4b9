"""`spend`, `money` and `money share` at the terminal."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    """A cycle whose hosts are asked."""
    started = world.start(days_ago=20)
    assert desk("approve", "--step", "visits", "--yes", staff=OLGA).code == 0
    return started


def test_another_currency_says_how_it_was_computed_and_keeps_the_original(desk: Desk, world: World, cycle: str):
    about = ["--slot", "first-visit", "--for", "Hotel", "--yes"]
    ran = desk("spend", "visits", "8 900", "sek", "--rate", "0,0873", *about)
    assert ran.code == 0
    assert "To be recorded: SEK 8,900 × 0.0873 = EUR 776.97, rounded to the cent, paid on" in ran.sentence
    assert "That settles what was promised for it:" in ran.sentence
    (entry,) = world.store.journal(cycle, kinds=("MoneySpent",))
    assert (entry.event.original, entry.event.currency, entry.event.rate) == (8_900_00, "SEK", "0.0873")
    assert entry.event.what.startswith("n_")
    for words in (["history"], ["money"]):
        said = " ".join(desk(*words).out.split())
        assert "EUR 776.97 (SEK 8,900 at 0.0873)" in said
        assert "Hotel" in said


def test_the_host_is_named_and_understood_by_its_name(desk: Desk, world: World, cycle: str):
    booking = world.ledgers[cycle].cycle.booking("visits", "first-visit")
    (host,) = (o for o in world.plan(cycle).organisations if o.id == booking.host)
    name = host.name["en"]
    ran = desk("spend", "visits", "40", "EUR", "--slot", "first-visit", "--host", name.upper(), "--yes")
    assert ran.code == 0
    assert f"(first-visit, {name})" in ran.sentence
    (entry,) = world.store.journal(cycle, kinds=("MoneySpent",))
    assert entry.event.key == f"visits/first-visit/{host.id}"


def test_nothing_is_recorded_without_a_yes(desk: Desk, world: World, cycle: str):
    ran = desk("spend", "visits", "10", "EUR", "--for", "Taxi of Anna", types=["n"])
    assert ran.code == 1
    assert "was paid" not in ran.sentence, "said before it is recorded"
    assert not world.store.journal(cycle, kinds=("MoneySpent",))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["10", "SKE"], "SEK (Swedish Krona)"),
        (["10", "krona"], "SEK (Swedish Krona)"),
        (["10", "DEM"], "is no currency in use"),
        (["10", "SEK"], "--rate NUMBER"),
        (["-50", "EUR"], "never negative. Money that came back, or that was recorded by mistake"),
        (["−50", "EUR"], "kierros spend STEP AMOUNT CURRENCY --back"),
        (["ten", "EUR"], "no amount of money"),
        (["10", "EUR", "--on", "yesterday"], "is no date"),
        (["10", "EUR", "--slot", "tenth"], "no visit called"),
        (
            ["10", "EUR", "--slot", "first-visit", "--host", "Atlantis"],
            "no host of “Visits to host libraries: Helsinki / Turku”",
        ),
        (["10", "EUR", "--host", "Atlantis"], "--slot SLOT"),
        (["200", "EUR", "--back"], "Only 0.00 was spent on that"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_cannot_be_recorded_is_a_sentence(desk: Desk, world: World, cycle: str, words: list[str], said: str):
    ran = desk("spend", "visits", *words, "--yes")
    assert ran.code in {1, 2}
    assert said in ran.sentence
    assert not world.store.journal(cycle, kinds=("MoneySpent",))


def test_what_is_paid_before_it_is_promised_says_so(desk: Desk, cycle: str):
    ran = desk("spend", "final-seminar", "100", "EUR", "--yes")
    assert "Nothing is promised for it yet; it will be taken off the promise." in ran.sentence
    assert "Nothing is promised for it." in desk("spend", "report", "100", "EUR", "--yes").sentence


def test_what_is_short_is_recorded_and_opens_a_decision(desk: Desk, world: World, cycle: str):
    state = world.ledgers[cycle].cycle
    cents = state.purse.free + 800_00
    ran = desk("spend", "introductory-seminar", f"{cents // 100}.00", "EUR", "--yes")
    assert ran.code == 0
    assert "EUR 800 short" in ran.sentence
    assert "EUR 800 short: fewer places, a larger share, cancel what, ask the funder" in " ".join(
        desk("waiting").out.split()
    ).replace("Short", "short")
    assert "EUR 800 short." in " ".join(desk("show").out.split())
    ran = desk("choose", "money-1", "ask_funder", "--reason", "They like us", "--yes")
    assert ran.code == 0
    assert "kierros money share" in ran.sentence
    assert "They like us" in " ".join(desk("history").out.split())


def test_a_funder_pays_more(desk: Desk, world: World, cycle: str):
    funder = world.plan(cycle).budget.funders[0]
    name, before = next(iter(funder.name.values())), world.plan(cycle).budget.cap
    more = (funder.cents + 1_000_00) // 100
    ran = desk("money", "share", name, f"{more}.00", "--reason", "Raised", "--yes")
    assert ran.code == 0
    assert world.plan(cycle).budget.cap == before + 1_000_00
    data = desk("money", "--json").data
    assert (data["cap"], data["funders"][0]["pays"]) == (before + 1_000_00, more * 100)
    assert "Raised" in " ".join(desk("history").out.split())


def test_a_funder_that_nobody_knows(desk: Desk, cycle: str):
    ran = desk("money", "share", "Atlantis", "5", "--reason", "x", "--yes")
    assert ran.code == 1
    assert "no funder called" in ran.sentence


def test_the_page_of_money_fits_80_columns(desk: Desk, cycle: str):
    desk("spend", "visits", "776.97", "EUR", "--slot", "first-visit", "--yes")
    ran = desk("money")
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "paid" in ran.out


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("87.3", "One SEK is usually about 0.091 EUR, and the rate says 87.3. Was --rate 0.0873 meant?"),
        ("11.4", "Was --rate 0.08772 meant?"),
        ("0.0004", "--rate says how many EUR one of the other cost."),
    ],
)
def test_a_rate_that_can_hardly_be_meant_is_asked_about(desk: Desk, world: World, cycle: str, rate: str, said: str):
    bill = ["spend", "visits", "890", "SEK", "--rate", rate, "--slot", "first-visit"]
    ran = desk(*bill, "--no-input")
    assert ran.code == 2
    assert said in ran.sentence
    assert "Add --yes." in ran.sentence
    asked = desk(*bill, types=["n"])
    assert asked.code == 1
    assert "Record it all the same? [y/N]" in asked.sentence
    assert not world.store.journal(cycle, kinds=("MoneySpent",))


def test_a_rate_is_held_against_what_was_paid_before(desk: Desk, cycle: str):
    bill = ["spend", "visits", "890", "SEK", "--slot", "first-visit", "--yes", "--more"]
    assert "usually" not in desk(*bill, "--rate", "0.0873").sentence
    ran = desk(*bill, "--rate", "0.16")
    assert ran.code == 0
    assert "Before, one SEK was 0.0873 EUR, and the rate says 0.16." in ran.sentence
