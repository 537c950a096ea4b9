"""What the letters say: every kind in every language, nothing untranslated, the same facts in text and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import letters
from exchange.plan import Registration, Seminar
from letters.catalogues import language_for, languages
from letters.compose import compose
from letters.library_kinds import KINDS as LIBRARY_KINDS
from letters.library_kinds import kind_in
from letters.scene import FactsMissing, Scene
from letters.words import Words
from tests.letters.world import (
    KINDS,
    MESSAGE_ID,
    NAMES,
    ORGANISER,
    PLAN,
    SENDER,
    SENT_AT,
    UNTIL,
    VISITS,
    facts,
    letter,
    when,
)

FOLDER = Path(letters.__file__).parent
TRANSLATED = [language for language in languages() if language != "en"]
PLACE = re.compile(r"%\(\w+\)s")


def sources() -> dict[str | tuple[str, ...], set[str]]:
    """Every sentence that letters use, singular and plural, with the files it comes from."""
    with (FOLDER / "locale" / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found: dict[str | tuple[str, ...], set[str]] = {}
    for file, _, message, *_ in extract_from_dir(FOLDER, method_map=methods, options_map=options):
        found.setdefault(message, set()).add(file)
    return found


SOURCES = sources()


def catalogue(language: str) -> Catalog:
    with (FOLDER / "locale" / language / "LC_MESSAGES" / "letters.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: object) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


class _Shown(HTMLParser):
    """What a reader of the HTML sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.lang = ""
        self.headings: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "title"}
        self.headings += [tag] if tag in {"h1", "h2"} else []
        if tag == "html":
            self.lang = dict(attrs).get("lang") or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


def shown(html: str) -> _Shown:
    parser = _Shown()
    parser.feed(html)
    return parser


def bare(words: list[str]) -> Iterator[str]:
    """The words alone, without the marks by which plain text replaces what HTML does by its looks."""
    for word in words:
        kept = word.strip(":[]»>*").removesuffix(".") if re.fullmatch(r"\d+\.", word) else word.strip(":[]»>*")
        if kept and not re.fullmatch(r"-+|\d+", kept):
            yield kept


# ------------------------------------------------------------------------------------------------------ every letter


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_language(kind, language):
    made = letter(kind, language)
    assert made.language == language
    assert made.subject
    assert "%(" not in made.subject + made.text + made.html
    assert "\n\n\n" not in made.text
    assert ".." not in made.text
    assert shown(made.html).lang == language


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind, language):
    made = letter(kind, language, practice=True)
    assert list(bare(made.text.split())) == list(bare(shown(made.html).words))


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_whom_it_is_for_what_about_and_what_happens_next(kind):
    made = letter(kind)
    quiet = {
        "deadline_moved", "offer_expired", "place_withdrawn", "seminar_changed", "host_changed", "host_released",
        "visit_changed", "survey_reminder",
    }  # fmt: skip
    assert "Dear " in made.text
    assert "Staff competences and projects" in made.text
    assert ("What happens next" in made.text) != (kind in quiet)
    assert "»" in made.text
    assert kind.startswith("decision_") or "Ritva Hakala" in made.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_has_real_headings_and_loads_nothing(kind):
    made = letter(kind)
    assert shown(made.html).headings[0] == "h1"
    assert shown(made.html).headings.count("h1") == 1
    assert not re.search(r"<(?:img|script|link|iframe|a)\b|url\(|https?:", made.html)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_a_practice_run_says_so_on_top(kind, language):
    banner = Words(language).gettext("Practice run: this letter has not left this computer.")
    made = letter(kind, language, practice=True)
    assert made.text.startswith(f"[ {banner} ]")
    assert banner in shown_text(made.html)
    assert banner not in letter(kind, language).text


def shown_text(html: str) -> str:
    return " ".join(shown(html).words)


# ------------------------------------------------------------------------------------------------------- translations


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(language):
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue(language)}
    assert known - {""} == set(SOURCES)
    assert not [m.id for m in catalogue(language) if m.id and (m.fuzzy or not all(forms(m.string)))]


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_their_sentence(language):
    for message in catalogue(language):
        if message.id:
            wanted = set(PLACE.findall(forms(message.id)[-1]))
            for form in forms(message.string):
                assert set(PLACE.findall(form)) == wanted, form


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_all_plural_forms_of_their_language(language):
    known = catalogue(language)
    for message in known:
        if message.pluralizable:
            assert len(message.string) == known.num_plurals


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left_in_a_translated_letter(kind, language):
    made = letter(kind, language)
    pieces = {piece.strip() for message in SOURCES for form in forms(message) for piece in PLACE.split(form)}
    telling = [piece for piece in pieces if len(piece) > 6 and piece not in LIBRARY_KINDS]
    assert not [piece for piece in telling if piece in made.text]


def test_sentences_are_whole_and_placeholders_have_names():
    for message in SOURCES:
        for form in forms(message):
            assert "%" not in PLACE.sub("", form)
            assert form == form.strip()


@pytest.mark.parametrize("language", TRANSLATED)
def test_kinds_of_library_are_said_in_every_language(language):
    assert all(kind_in(Words(language), kind) != kind for kind in LIBRARY_KINDS)
    assert kind_in(Words(language), "toy library") == "toy library"


@pytest.mark.parametrize(
    ("wanted", "others", "chosen"),
    [
        ("fi", (), "fi"), ("fi-FI", (), "fi"), ("ru_RU", (), "ru"), ("lt", ("lt", "ru", "fi"), "ru"),
        ("lt", ("lt", "sv"), "en"), ("", ("fi",), "fi"), ("../fi", (), "en"),
    ],
)  # fmt: skip
def test_a_language_without_catalogue_falls_back_to_the_plans_then_to_english(wanted, others, chosen):
    assert language_for(wanted, others) == chosen


def test_a_letter_in_another_language_says_in_which_it_is():
    plan = PLAN.model_copy(update={"languages": ("lt", "ru")})
    made = letter("invitation", "lt", plan=plan)
    assert made.language == "ru"
    assert "Content-Language: ru" in made.message.decode()


# ------------------------------------------------------------------------------------------------ dates, times, money


@pytest.mark.parametrize(
    ("language", "day", "span", "hours", "money"),
    [
        ("en", "3 February 2012", "16–18 April 2012", "10:00–16:30", "€4,200"),
        ("fi", "3. helmikuuta 2012", "16.–18. huhtikuuta 2012", "klo 10.00–16.30", "4 200 €"),
        ("ru", "3 февраля 2012 г.", "16–18 апреля 2012 г.", "10:00–16:30", "4 200 €"),
    ],
)  # fmt: skip
def test_dates_times_and_money_have_the_languages_form(language, day, span, hours, money):
    def seen(kind) -> str:
        return re.sub(r"[\u00a0\u202f]", " ", letter(kind, language).text)

    assert day in seen("invitation")
    assert span in seen("invitation")
    assert hours in seen("seminar_programme")
    assert money in seen("decision_waiting")


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


@pytest.mark.parametrize(("language", "said"), [("sv", "16–18 april 2012"), ("lt", "2012 m. balandžio 16–18 d.")])
def test_spans_of_days_follow_the_languages_own_order(language, said):
    words = Words("en")
    words.locale = words.locale.parse(language)
    assert words.days(datetime(2012, 4, 16), datetime(2012, 4, 18)) == said  # noqa: DTZ001 - days of a calendar


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


# ------------------------------------------------------------------------------------------------------ what it says


def test_an_invitation_lists_the_year_who_pays_how_many_places_and_the_deadline():
    said = letter("invitation").text
    for part in (
        "Introductory seminar", "14 February 2012", "Kaliningrad Regional Library", "Final seminar",
        "16–18 April 2012 (Finland or Sweden)", "The Nordic fund for co-operation and the participating libraries",
        "15 in all", "at most 2 people", "by 3 February 2012", "The round begins in winter.",
    ):  # fmt: skip
        assert part in said


def test_an_invitations_subject_says_what_is_asked():
    assert letter("invitation").subject == (
        "Please answer by 3 February: seminar and visits, Staff competences and projects"
    )


@pytest.mark.parametrize(
    ("without", "asked"), [("visits", "seminar,"), ("seminar", "library visits,"), ("both", "invitation,")]
)
def test_an_invitations_subject_names_what_the_year_has(without, asked):
    dropped = {"visits", "seminar"} if without == "both" else {without}
    plan = PLAN.model_copy(update={"steps": tuple(s for s in PLAN.steps if s.kind not in dropped)})
    assert f"3 February: {asked}" in letter("invitation", plan=plan).subject


def test_a_host_reads_who_comes_when_why_it_was_chosen_and_how_long_it_has():
    said = letter("host_request").text
    for part in (
        "Helsinki City Library", "16–18 April 2012", "Mon 16 Apr, 10:00 – Wed 18 Apr, 15:00 local time (Helsinki)",
        "up to 15 people", "municipal public library, regional library", "Russia",
        "Your staff have learned from each other for years", "within 14 days of this letter",
    ):  # fmt: skip
        assert part in said


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


@pytest.mark.parametrize(("days", "said"), [(1, "в течение 1 дня"), (3, "в течение 3 дней"), (21, "в течение 21 дня")])
def test_numbers_take_the_form_their_language_asks_for(days, said):
    visits = VISITS.model_copy(update={"answer_within": timedelta(days=days)})
    plan = PLAN.model_copy(update={"steps": tuple(visits if s.id == "visits" else s for s in PLAN.steps)})
    assert said in letter("host_request", "ru", plan=plan).subject


def test_a_programme_lists_sessions_with_their_speakers():
    said = letter("seminar_programme").text
    assert "10:15–11:45  What a library needs to know\n   Elena Smirnova" in said
    assert "15:00–16:30  Questions for the hosts" in said


def test_sessions_that_did_not_move_with_their_seminar_stand_without_time():
    moved = PLAN.step("introduction").model_copy(
        update={"begins": when("2012-02-21T10:00"), "ends": when("2012-02-21T16:30")}
    )
    plan = PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})
    said = letter("seminar_programme", plan=plan).text
    assert "10:15" not in said
    assert "* What a library needs to know" in said


def test_a_speaker_reads_her_own_sessions_first():
    said = letter("seminar_speaker").text
    assert said.index("From idea to project") < said.index("What a library needs to know")


def test_a_survey_lists_its_questions_and_explains_the_scale():
    said = letter("survey").text
    for part in (
        "1. Did you learn something new?",
        "1 Ideas · 2 New contacts",
        "3. What else?",
        "1 stands for “not at all”",
    ):
        assert part in said


def test_staff_read_what_waits_until_when_and_what_to_type():
    said = letter("decision_waiting").text
    for part in (
        "Invitations", "coordinator", "17:00 on 8 February 2012", "24", "English, Finnish and Russian", "€4,200",
        "    kierros approve approve-invitations-1",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("about", ["approval", "revise", "host", "select", "defect", "letters", "something new"])
def test_every_decision_can_be_asked_for(about):
    assert "A decision is waiting for you." in letter("decision_waiting", prompt={"about": about}).text


def test_the_waiting_list_is_told_by_number():
    assert "You are number 3 on the waiting list" in letter("place_waiting").subject
    assert "You are on the waiting list" in letter("place_waiting", facts={}).subject


def test_what_staff_added_stands_below_the_authors_paragraph():
    said = letter("invitation", "fi", paragraphs={"fi": "Tuokaa sateenvarjo.", "en": "Bring an umbrella."}).text
    assert said.index("Kierros alkaa talvella.") < said.index("Tuokaa sateenvarjo.")


def test_a_text_that_is_missing_in_a_language_is_taken_from_the_plans_first():
    assert "Nur deutsch" in letter("invitation", "fi", paragraphs={"de": "Nur deutsch"}).text
    assert "In English" in letter("invitation", "fi", paragraphs={"de": "Nur deutsch", "en": "In English"}).text


def test_html_shows_what_people_wrote_and_never_runs_it():
    name = facts("invitation").reader.model_copy(update={"name": "Ann <b>Bold</b> & Co"})
    made = letter("invitation", reader=name, paragraphs={"en": "<script>alert(1)</script>"})
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "Ann <b>Bold</b> & Co" in made.text


def test_hidden_characters_do_not_reach_the_reader():
    made = letter("invitation", paragraphs={"en": "one\x00two\u202ethree\x1b[31m"})
    assert "onetwothree[31m" in made.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", made.text + made.html)


def test_nothing_of_another_participant_is_in_a_letter():
    everything = "".join(letter(kind).text for kind in KINDS)
    assert "p_boris" not in everything
    assert "p_anna" not in everything


def test_a_letter_about_a_step_that_is_not_there_is_not_written():
    for change in ({"step": "gone"}, {"step": "registration"}, {"slot": "gone"}):
        with pytest.raises(FactsMissing):
            letter("visit_booked", **change)


def test_the_same_facts_make_the_same_bytes():
    for kind in KINDS:
        first, second = letter(kind), letter(kind)
        assert first == second
        assert len(first.digest) == 64


def test_the_digest_follows_the_smallest_change():
    assert letter("invitation").digest != letter("invitation", paragraphs={"en": "."}).digest


def test_a_letter_is_written_of_its_facts_alone():
    """What a person is called elsewhere in the plan is not asked for: only names that were given are shown."""
    assert "Maija Laine" in letter("visit_booked", names=NAMES).text
    assert "Your contact there" not in letter("visit_booked", names={}).text


def test_a_moment_without_zone_is_no_instant():
    with pytest.raises(ValueError, match="no offset"):
        letter("place_offered", facts={"until": UNTIL.removesuffix("+00:00")})


def test_the_sender_may_have_any_moment_that_has_a_zone():
    with pytest.raises(ValueError, match="no time zone"):
        compose(facts("thanks"), message_id=MESSAGE_ID, sender=SENDER, sent_at=SENT_AT.replace(tzinfo=None))


def test_towns_are_said_in_the_readers_language_where_their_zone_is_named_for_them():
    assert "Калининградская областная библиотека, Калининград" in letter("seminar_programme", "ru").text
    assert Scene(facts("invitation"), Words("fi")).words.town("Randers", "Europe/Copenhagen") == "Randers"


def test_the_coordinator_signs_and_is_whom_one_answers():
    made = letter("invitation", organiser=ORGANISER.model_copy(update={"name": "Kaisa Koski"}))
    assert "Your answer reaches Kaisa Koski." in made.text
    assert "Ritva" not in made.text
