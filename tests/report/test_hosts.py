"""What hosts say of their visits stands in the report, signed, and names nobody."""

from __future__ import annotations

from activities.accounts import Account, Sources, draw_up
from exchange.host_feedback import GiveHostFeedback
from letters.papers import render_report
from tests.report.year import Year, good_answers, good_year, kaliningrad

SAID = {
    "n_gained": {"und": "We read aloud more; Anna Petrova <b>inspired</b> us"},
    "n_better": {"und": "Stay a day longer"},
}


def told() -> tuple[Account, Year]:
    plan, texts = kaliningrad()
    year = good_year(plan)
    helsinki = next(key for key, stay in year.cycle.bookings.items() if stay.host == "helsinki")
    step, slot = helsinki.split("/")
    about = {"host": "helsinki", "step": step, "slot": slot, "rating": "4", "gained": "n_gained", "better": "n_better"}
    year.say(GiveHostFeedback.model_validate({"at": year.now, "actor": "p_helsinki", **about}))
    sources = Sources(
        cycle=year.cycle, journal=tuple(year.journal), answers=good_answers(year), texts={**texts, **SAID},
        names=("Anna Petrova",),
    )  # fmt: skip
    return draw_up(sources, "report"), year


def test_what_a_host_says_stands_with_its_visit_and_names_nobody():
    account, _ = told()

    heard = {stay.host: stay.heard for stay in account.stays}
    assert heard["helsinki"] is not None
    assert (heard["helsinki"].rating, heard["helsinki"].better) == (4, "Stay a day longer")
    assert heard["helsinki"].gained == "We read aloud more; […] <b>inspired</b> us"
    assert [host for host, said in heard.items() if said is None] == [host for host in heard if host != "helsinki"]


def test_it_is_shown_as_words_and_not_as_markup():
    page = render_report(told()[0].model_dump(mode="json"))

    assert "What the host says" in page
    assert "&lt;b&gt;inspired" in page
    assert page.count("What the host says") == 1
