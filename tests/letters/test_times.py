"""Dates, times, numbers and money in the language's form, in the place's time and the reader's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from exchange.plan import Registration, Seminar, When
from exchange.walk import changed, found
from letters.catalogues import languages
from letters.scene import Scene
from letters.words import Words
from tests.letters.world import KINDS, PLAN, PROMPT, SENT_AT, UNTIL, VISITS, facts, letter, when

FORMS = {
    "en": (
        "3 February", "3 February 2012", "14 February 2012", "Tuesday, 14 February 2012", "16–18 April 2012",
        "10:00–16:30", "18:00", "€4,200", "€4,200.50",
    ),
    "fi": (
        "3. helmikuuta", "3. helmikuuta 2012", "14. helmikuuta 2012", "tiistai 14. helmikuuta 2012",
        "16.–18. huhtikuuta 2012", "klo 10.00–16.30", "klo 18.00", "4 200 €", "4 200,50 €",
    ),
    "ru": (
        "3 февраля", "3 февраля 2012 г.", "14 февраля 2012 г.", "вторник, 14 февраля 2012 г.",
        "16–18 апреля 2012 г.", "10:00–16:30", "18:00", "4 200 €", "4 200,50 €",
    ),
    "sv": (
        "3 februari", "3 februari 2012", "14 februari 2012", "tisdag 14 februari 2012", "16–18 april 2012",
        "kl. 10:00–16:30", "kl. 18:00", "4 200 €", "4 200,50 €",
    ),
    "da": (
        "den 3. februar", "3. februar 2012", "14. februar 2012", "tirsdag den 14. februar 2012",
        "16.–18. april 2012", "kl. 10.00–16.30", "kl. 18.00", "4.200 €", "4.200,50 €",
    ),
    "nb": (
        "3. februar", "3. februar 2012", "14. februar 2012", "tirsdag 14. februar 2012", "16.–18. april 2012",
        "kl. 10:00–16:30", "kl. 18:00", "4 200 €", "4 200,50 €",
    ),
    "et": (
        "3. veebruar", "3. veebruar 2012", "14. veebruar 2012", "teisipäev, 14. veebruar 2012",
        "16.–18. aprill 2012", "kell 10:00–16:30", "kell 18:00", "4 200 €", "4 200,50 €",
    ),
    "lv": (
        "3. februāris", "2012. gada 3. februāris", "2012. gada 14. februāris", "otrdiena, 2012. gada 14. februāris",
        "2012. gada 16.–18. aprīlis", "plkst. 10:00–16:30", "plkst. 18:00", "4 200 €", "4 200,50 €",
    ),
    "lt": (
        "vasario 3 d.", "2012 m. vasario 3 d.", "2012 m. vasario 14 d.", "2012 m. vasario 14 d., antradienis",
        "2012 m. balandžio 16–18 d.", "10:00–16:30 val.", "18:00 val.", "4 200 €", "4 200,50 €",
    ),
}  # fmt: skip
"""The same dates, times and sums as each language writes them, by hand: a new language adds its line."""

_CENTS = {"prompt": {**PROMPT, "cents": "420050"}}


def seen(kind, language) -> str:
    """Subject and text, and for a decision the same with hundredths of a euro; blanks that do not break as others."""
    made = [letter(kind, language)]
    made += [letter(kind, language, **_CENTS)] if kind.startswith("decision_") else []
    return re.sub(r"[\u00a0\u202f]", " ", "\n".join(f"{one.subject}\n{one.text}" for one in made))


def holds(words: str, form: str) -> bool:
    """Whether this stands there whole: ``3 February`` is not in ``13 February``."""
    return re.search(rf"(?<![\w.,]){re.escape(form)}(?!\w)", words) is not None


def test_every_language_says_how_it_writes_dates():
    assert set(FORMS) == set(languages())


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_dates_times_and_money_have_the_languages_form(kind, language):
    """What the English letter names is named in every other, in that language's own form and in no other's."""
    english, said = seen(kind, "en"), seen(kind, language)
    wanted = [own for form, own in zip(FORMS["en"], FORMS[language], strict=True) if holds(english, form)]
    assert [own for own in wanted if not holds(said, own)] == []
    assert not re.search(r"\d{4}-\d\d-\d\d|\d/\d|\b[ap]m\b", said)


def test_each_of_these_forms_is_looked_for_in_some_letter():
    every = "\n".join(seen(kind, "en") for kind in KINDS)
    assert [form for form in FORMS["en"] if not holds(every, form)] == []


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2012, 4, 16), (2012, 4, 16), "16 April 2012"),
        ((2012, 4, 16), (2012, 4, 18), "16–18 April 2012"),
        ((2012, 3, 30), (2012, 4, 2), "30 March – 2 April 2012"),
        ((2012, 12, 31), (2013, 1, 2), "31 December 2012 – 2 January 2013"),
    ],
)
def test_spans_of_days_are_as_short_as_they_can_be(first, last, said):
    assert Words("en").days(datetime(*first), datetime(*last)) == said  # noqa: DTZ001 - days of a calendar


@pytest.mark.parametrize(
    ("language", "within", "across"),
    [
        ("sv", "16–18 april 2012", "30 mars – 2 april 2012"),
        ("da", "16.–18. april 2012", "30. marts – 2. april 2012"),
        ("nb", "16.–18. april 2012", "30. mars – 2. april 2012"),
        ("et", "16.–18. aprill 2012", "30. märts – 2. aprill 2012"),
        ("lv", "2012. gada 16.–18. aprīlis", "2012. gada 30. marts – 2. aprīlis"),
        ("lt", "2012 m. balandžio 16–18 d.", "2012 m. kovo 30 d. – balandžio 2 d."),
    ],
)
def test_spans_of_days_follow_the_languages_own_order(language, within, across):
    words = Words(language)
    assert words.days(datetime(2012, 4, 16), datetime(2012, 4, 18)) == within  # noqa: DTZ001 - days of a calendar
    assert words.days(datetime(2012, 3, 30), datetime(2012, 4, 2)) == across  # noqa: DTZ001 - days of a calendar


def reader(zone: str):
    return facts("invitation").reader.model_copy(update={"zone": zone})


def test_the_readers_own_time_stands_beside_the_places():
    made = letter("seminar_programme", reader=reader("Europe/Copenhagen"))
    assert "10:00–16:30 local time (Kaliningrad)" in made.text
    assert "08:00–14:30 your time (Copenhagen)" in made.text


def test_no_own_time_is_shown_where_it_is_the_same_or_unknown():
    assert "your time" not in letter("seminar_programme", reader=reader("Europe/Minsk")).text
    assert "your time" not in letter("seminar_programme", reader=reader("")).text


def test_own_times_follow_the_rules_of_that_very_date():
    """Kaliningrad was at UTC+3 throughout 2012: Helsinki showed an hour less in winter, and the same in summer."""
    winter = letter("seminar_programme", reader=reader("Europe/Helsinki")).text
    summer = letter("seminar_programme", step="final", entries=(), reader=reader("Europe/Helsinki")).text
    assert "09:00–15:30 your time (Helsinki)" in winter
    assert "your time" not in summer


def test_another_day_at_the_readers_place_is_named():
    made = letter("seminar_programme", reader=reader("America/Anchorage"))
    assert "Mon 13 Feb, 22:00 – Tue 14 Feb, 04:30 your time (Anchorage)" in made.text


def test_a_practice_run_shows_the_times_of_the_plan_though_its_instants_are_drawn_together():
    seminar = PLAN.step("introduction")
    assert isinstance(seminar, Seminar)
    soon = {field: getattr(seminar, field).model_copy(update={"at": SENT_AT}) for field in ("begins", "ends")}
    near = seminar.model_copy(update=soon)
    plan = PLAN.model_copy(update={"steps": tuple(near if s.id == near.id else s for s in PLAN.steps)})
    made = letter("seminar_programme", plan=plan, reader=reader("Europe/Copenhagen"))
    assert "14 February 2012, 10:00–16:30 local time (Kaliningrad)" in made.text
    assert "08:00–14:30 your time" in made.text


def test_a_practice_run_tells_until_when_a_place_is_offered_by_the_plans_calendar():
    now = datetime(2026, 11, 22, 22, tzinfo=UTC)
    first = min(found(PLAN, When), key=lambda one: one.at).at
    drawn = changed(PLAN, When, lambda one: one.model_copy(update={"at": now + (one.at - first) * 1e-4}))
    practice = drawn.model_copy(update={"practice": True, "pace": 1e-4})
    until = now + (datetime.fromisoformat(UNTIL) - first) * 1e-4
    made = letter("place_offered", plan=practice, facts={"until": until.isoformat()})
    assert "18:00 on 8 February 2012" in made.text
    assert "8 February" in made.subject
    assert "2026" not in made.text


@pytest.mark.parametrize(
    ("zone", "said"), [("", "18:00 on 8 February 2012"), ("Europe/Helsinki", "17:00 on 8 February")]
)
def test_an_instant_is_shown_on_the_readers_clock_else_on_the_plans(zone, said):
    assert said in letter("place_offered", reader=reader(zone)).text


def test_a_deadline_at_the_end_of_a_day_is_that_day():
    desk = PLAN.step("registration")
    assert isinstance(desk, Registration)
    moved = desk.model_copy(update={"closes": when("2012-02-03T16:00")})
    plan = PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})
    assert "know by 3 February 2012 whether" in letter("invitation").text
    assert "know by 16:00 on 3 February 2012 whether" in letter("invitation", plan=plan).text


def paced(pace: float, within: timedelta) -> object:
    visits = VISITS.model_copy(update={"answer_within": within})
    steps = tuple(visits if s.id == "visits" else s for s in PLAN.steps)
    return PLAN.model_copy(update={"steps": steps, "pace": pace, "practice": True})


def test_a_practice_run_names_the_plans_own_days():
    assert "within 14 days" in letter("host_request", plan=paced(0.001, timedelta(days=14) * 0.001)).subject


def test_a_span_that_a_practice_run_has_rounded_up_is_not_named():
    made = letter("host_request", plan=paced(1e-6, timedelta(seconds=15)))
    assert made.subject.startswith("Please answer soon: could you receive our group")
    assert "as soon as you can" in made.text


PLURALS = {
    "en": "within {} day, within {} days, within {} days, within {} days, within {} days, within {} days",
    "fi": "{} päivän, {} päivän, {} päivän, {} päivän, {} päivän, {} päivän",
    "ru": "{} дня, {} дней, {} дней, {} дней, {} дня, {} дня",
    "sv": "inom {} dag, inom {} dagar, inom {} dagar, inom {} dagar, inom {} dagar, inom {} dagar",
    "da": "{} dag, {} dage, {} dage, {} dage, {} dage, {} dage",
    "nb": "innen {} dag, innen {} dager, innen {} dager, innen {} dager, innen {} dager, innen {} dager",
    "et": "{} päeva, {} päeva, {} päeva, {} päeva, {} päeva, {} päeva",
    "lv": "{} dienas laikā, {} dienu laikā, {} dienu laikā, {} dienu laikā, {} dienas laikā, {} dienas laikā",
    "lt": "per {} dieną, per {} dienas, per {} dienas, per {} dienų, per {} dieną, per {} dieną",
}
PEOPLE = {
    "en": "{} person, {} people, {} people, {} people, {} people, {} people",
    "fi": "{} henkilö, {} henkilöä, {} henkilöä, {} henkilöä, {} henkilöä, {} henkilöä",
    "ru": "{} человека, {} человек, {} человек, {} человек, {} человека, {} человека",
    "sv": "{} person, {} personer, {} personer, {} personer, {} personer, {} personer",
    "da": "{} person, {} personer, {} personer, {} personer, {} personer, {} personer",
    "nb": "{} person, {} personer, {} personer, {} personer, {} personer, {} personer",
    "et": "{} inimene, {} inimest, {} inimest, {} inimest, {} inimest, {} inimest",
    "lv": "{} cilvēks, {} cilvēki, {} cilvēki, {} cilvēki, {} cilvēks, {} cilvēks",
    "lt": "{} asmuo, {} asmenys, {} asmenys, {} asmenų, {} asmuo, {} asmuo",
}
NUMBERS = (1, 2, 5, 11, 21, 101)


def forms_of(table: dict[str, str]) -> list[tuple[str, int, str]]:
    """Language, number and what is said of it."""
    return [
        (language, number, form.format(number))
        for language, line in table.items()
        for number, form in zip(NUMBERS, line.split(", "), strict=True)
    ]


def test_every_language_says_how_it_counts():
    assert set(PLURALS) == set(PEOPLE) == set(languages())


@pytest.mark.parametrize(("language", "days", "said"), forms_of(PLURALS))
def test_numbers_take_the_form_their_language_asks_for(language, days, said):
    visits = VISITS.model_copy(update={"answer_within": timedelta(days=days)})
    plan = PLAN.model_copy(update={"steps": tuple(visits if s.id == "visits" else s for s in PLAN.steps)})
    made = letter("host_request", language, plan=plan)
    assert holds(made.subject, said)
    assert holds(made.text, said)


@pytest.mark.parametrize(("language", "number", "said"), forms_of(PEOPLE))
def test_people_are_counted_as_their_language_counts(language, number, said):
    desk = PLAN.step("registration")
    assert isinstance(desk, Registration)
    few = desk.model_copy(update={"per_library": number})
    plan = PLAN.model_copy(update={"steps": tuple(few if s.id == few.id else s for s in PLAN.steps)})
    assert f"{said}\n" in letter("invitation", language, plan=plan).text


def test_a_moment_without_zone_is_no_instant():
    with pytest.raises(ValueError, match="no offset"):
        letter("place_offered", facts={"until": UNTIL.removesuffix("+00:00")})


def test_towns_are_said_in_the_readers_language_where_their_zone_is_named_for_them():
    assert "Калининградская областная библиотека, Калининград" in letter("seminar_programme", "ru").text
    assert Scene(facts("invitation"), Words("fi")).words.town("Randers", "Europe/Copenhagen") == "Randers"
