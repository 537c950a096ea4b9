"""Calendar entries, read again by another library: the right hours, also where clocks change, and the right words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from exchange.mail import Entry
from exchange.plan import CyclePlan
from letters.calendar import changes, timezone
from letters.compose import Composed
from letters.zones import UnknownZone, at_place, zone
from tests.letters.world import ANNA, KINDS, ORGANISER, PLAN, SEMINAR, facts, letter, when

ZONES_READ = vars(vobject.icalendar)["__tzidMap"]
"""Where vobject keeps the zones it has read, by name."""


def message(made: Composed) -> EmailMessage:
    found = message_from_bytes(made.message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def parts(made: Composed) -> list[EmailMessage]:
    """Every part of a letter that is a calendar."""
    return [p for p in message(made).walk() if p.get_content_type() in {"text/calendar", "application/ics"}]


def raw(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def forget_zones() -> None:
    for known in set(ZONES_READ) - {"UTC"}:
        del ZONES_READ[known]


def event(made: Composed) -> Any:
    """The first entry, as the second library reads it: with the zone of its own file, and none of an earlier one."""
    forget_zones()
    return vobject.readOne(raw(parts(made)[0]).decode("utf-8")).vevent


def at(begins: str, ends: str, place: str = "Europe/Kaliningrad") -> CyclePlan:
    """The plan with the introductory seminar at another time."""
    moved = SEMINAR.model_copy(update={"begins": when(begins, place), "ends": when(ends, place)})
    return PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day, hour, minute


def test_an_entry_has_the_hours_of_its_place():
    found = event(letter("seminar_programme"))
    assert found.dtstart.value.astimezone(UTC) == utc(2012, 2, 14, 7, 0)
    assert found.dtend.value.astimezone(UTC) == utc(2012, 2, 14, 13, 30)
    assert b"DTSTART;TZID=Europe/Kaliningrad:20120214T100000" in raw(parts(letter("seminar_programme"))[0])


@pytest.mark.parametrize(
    ("place", "local", "instant"),
    [
        # Kaliningrad was at UTC+2 in January 2010, +3 throughout 2012, and is at +2 since October 2014
        ("Europe/Kaliningrad", "2010-01-15T10:00", (2010, 1, 15, 8, 0)),
        ("Europe/Kaliningrad", "2010-07-15T10:00", (2010, 7, 15, 7, 0)),
        ("Europe/Kaliningrad", "2012-01-15T10:00", (2012, 1, 15, 7, 0)),
        ("Europe/Kaliningrad", "2012-07-15T10:00", (2012, 7, 15, 7, 0)),
        ("Europe/Kaliningrad", "2014-10-25T10:00", (2014, 10, 25, 7, 0)),
        ("Europe/Kaliningrad", "2014-10-27T10:00", (2014, 10, 27, 8, 0)),
        # the hour before and the hour after the clocks are put forward, and back
        ("Europe/Helsinki", "2012-03-25T02:30", (2012, 3, 25, 0, 30)),
        ("Europe/Helsinki", "2012-03-25T04:30", (2012, 3, 25, 1, 30)),
        ("Europe/Helsinki", "2012-10-28T02:30", (2012, 10, 27, 23, 30)),
        ("Europe/Helsinki", "2012-10-28T04:30", (2012, 10, 28, 2, 30)),
        ("Atlantic/Reykjavik", "2012-07-15T10:00", (2012, 7, 15, 10, 0)),
        ("Europe/Copenhagen", "2026-03-29T12:00", (2026, 3, 29, 10, 0)),
        ("UTC", "2012-02-14T10:00", (2012, 2, 14, 10, 0)),
    ],
)
def test_entries_are_right_where_clocks_change(place, local, instant):
    later = (datetime.fromisoformat(local) + timedelta(days=1)).isoformat(timespec="minutes")
    found = event(letter("seminar_programme", plan=at(local, later, place)))
    assert found.dtstart.value.astimezone(UTC) == utc(*instant)


def test_an_entry_may_span_a_change_of_clocks():
    found = event(letter("seminar_programme", plan=at("2012-10-27T10:00", "2012-10-28T10:00", "Europe/Helsinki")))
    assert found.dtend.value.astimezone(UTC) - found.dtstart.value.astimezone(UTC) == timedelta(hours=25)


def test_a_practice_run_enters_the_times_of_the_plan():
    near = SEMINAR.begins.model_copy(update={"at": utc(2026, 5, 1, 12, 0)})
    moved = SEMINAR.model_copy(update={"begins": near})
    plan = PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})
    assert event(letter("seminar_programme", plan=plan)).dtstart.value.astimezone(UTC) == utc(2012, 2, 14, 7, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_method_of_the_part_is_the_method_inside(kind):
    made = letter(kind)
    for part in parts(made):
        inside = Calendar.from_ical(raw(part))
        assert isinstance(inside, Calendar)
        said = part.get_param("method")
        assert said == inside["METHOD"] or part.get_content_type() == "application/ics"
        (found,) = inside.events
        assert found["STATUS"] == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[inside["METHOD"]]


def test_one_entry_comes_as_an_alternative_and_as_a_file():
    made = letter("seminar_programme")
    acted_on, file = parts(made)
    assert acted_on.get_content_type() == "text/calendar"
    assert acted_on.get_param("method") == "REQUEST"
    assert acted_on.get_param("charset") == "utf-8"
    assert not acted_on.is_attachment()
    assert file.is_attachment()
    assert file.get_filename() == "calendar-1.ics"
    assert raw(file) == raw(acted_on)


def test_several_entries_come_as_files_each():
    made = letter("cycle_cancelled")
    assert [p.get_filename() for p in parts(made)] == ["cancelled-1.ics", "cancelled-2.ics"]
    assert all(p.is_attachment() and p.get_param("method") == "CANCEL" for p in parts(made))


def test_a_cancellation_has_the_time_that_she_was_told_last():
    entries = facts("cycle_cancelled").entries
    stay = next(entry for entry in entries if entry.slot)
    was = {"was": when("2012-01-30T09:00", "Europe/Helsinki"), "was_ends": when("2012-01-31T16:00", "Europe/Helsinki")}
    own = {fact: moment.model_dump_json() for fact, moment in was.items()}
    theirs = {f"{fact}:{stay.step}/{stay.slot}": said for fact, said in own.items()}
    off, over = letter("visit_cancelled", facts=own), letter("cycle_cancelled", facts=theirs)
    for made, number in ((off, 0), (over, list(entries).index(stay))):
        found = Calendar.from_ical(raw(parts(made)[number])).walk("VEVENT")[0]
        assert found.decoded("dtstart").isoformat() == "2012-01-30T09:00:00+02:00"
        assert found.decoded("dtend").isoformat() == "2012-01-31T16:00:00+02:00"
    assert "30–31 January 2012" in over.text
    assert letter("visit_booked", facts=own).message != off.message


def test_a_letter_without_entries_has_no_calendar():
    assert not parts(letter("invitation"))
    assert message(letter("invitation")).get_content_type() == "multipart/alternative"


def test_a_cancellation_is_one_and_keeps_its_name():
    asked, cancelled = event(letter("visit_booked")), event(letter("visit_cancelled"))
    calendar = vobject.readOne(raw(parts(letter("visit_cancelled"))[0]).decode())
    assert calendar.method.value == "CANCEL"
    assert cancelled.status.value == "CANCELLED"
    assert cancelled.uid.value == asked.uid.value
    assert int(cancelled.sequence.value) > int(asked.sequence.value)
    assert cancelled.summary.value.startswith("Cancelled: Visit to Helsinki City Library")


def test_a_change_keeps_its_name_and_raises_its_number():
    before, after = event(letter("seminar_programme")), event(letter("seminar_changed"))
    assert before.uid.value == after.uid.value
    assert (before.sequence.value, after.sequence.value) == ("0", "1")


def test_a_visit_that_moves_keeps_its_entry_under_the_same_name_with_a_higher_number():
    before, after = event(letter("visit_booked")), event(letter("still_coming"))
    assert before.uid.value == after.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)


def test_everyone_has_the_same_entry_and_each_her_own_name_in_it():
    other = ANNA.model_copy(update={"ref": "p_boris", "name": "Boris", "address": "boris@gusev.example"})
    anna, boris = event(letter("seminar_programme")), event(letter("seminar_programme", reader=other))
    assert anna.uid.value == boris.uid.value
    assert [a.value for a in anna.contents["attendee"]] == ["mailto:anna@kaliningrad.example"]
    assert [a.value for a in boris.contents["attendee"]] == ["mailto:boris@gusev.example"]


def test_the_same_plan_elsewhere_has_entries_of_other_names():
    elsewhere = PLAN.model_copy(update={"starter": "s_other"})
    names = {event(letter("seminar_programme", plan=plan)).uid.value for plan in (PLAN, elsewhere)}
    names |= {event(letter("visit_booked")).uid.value}
    assert len(names) == 3


def test_the_organiser_can_be_reached_and_no_answer_is_asked():
    found = event(letter("seminar_programme"))
    assert found.organizer.value == f"mailto:{ORGANISER.address}"
    assert found.organizer.params["CN"] == ["Ritva Hakala"]
    assert found.attendee.params["RSVP"] == ["FALSE"]


def test_the_stamp_is_the_letters_moment():
    assert event(letter("seminar_programme")).dtstamp.value == utc(2012, 1, 9, 8, 30)


@pytest.mark.parametrize(
    ("language", "summary", "place"),
    [
        ("en", "Introductory seminar · Staff competences and projects", "Kaliningrad Regional Library, Kaliningrad"),
        ("fi", "Aloitusseminaari · Henkilöstön osaaminen ja hankkeet", "Kaliningradin aluekirjasto, Kaliningrad"),
        (
            "ru",
            "Вводный семинар · Компетенции сотрудников и проекты",
            "Калининградская областная библиотека, Калининград",
        ),
        (
            "sv",
            "Inledande seminarium · Personalens kompetens och projekt",
            "Kaliningrads regionbibliotek, Kaliningrad",
        ),
        (
            "da",
            "Indledende seminar · Personalets kompetencer og projekter",
            "Kaliningrads regionsbibliotek, Kaliningrad",
        ),
        ("nb", "Innledende seminar · Personalets kompetanse og prosjekter", "Kaliningrad regionbibliotek, Kaliningrad"),
        ("et", "Avaseminar · Töötajate oskused ja projektid", "Kaliningradi oblasti raamatukogu, Kaliningrad"),
        ("lv", "Ievadseminārs · Darbinieku prasmes un projekti", "Kaļiņingradas apgabala bibliotēka, Kaļiņingrada"),
        (
            "lt",
            "Įvadinis seminaras · Darbuotojų kompetencijos ir projektai",
            "Kaliningrado srities biblioteka, Kaliningradas",
        ),
    ],
)
def test_an_entry_speaks_the_readers_language(language, summary, place):
    found = event(letter("seminar_programme", language))
    assert found.summary.value == summary
    assert found.location.value == place
    assert ORGANISER.name in found.description.value


def test_a_programme_stands_in_its_entry():
    assert "10:15–11:45 What a library needs to know" in event(letter("seminar_programme")).description.value


@pytest.mark.parametrize("trick", ["X\r\nATTENDEE:mailto:eve@y.example", 'X";CN="Eve', "a;b,c:d\\e", "X\nEND:VEVENT"])
def test_words_from_the_plan_cannot_add_a_property(trick):
    title = SEMINAR.model_copy(update={"title": {"en": trick}})
    plan = PLAN.model_copy(update={"steps": tuple(title if s.id == title.id else s for s in PLAN.steps)})
    quoted = ANNA.model_copy(update={"name": 'Anna "A;B:C" P'})
    data = raw(
        parts(letter("cycle_cancelled", plan=plan, entries=facts("seminar_programme").entries, reader=quoted))[0]
    )
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    (found,) = calendar.events
    assert str(found["ATTENDEE"]) == "mailto:anna@kaliningrad.example"
    assert found["ATTENDEE"].params["CN"] == "Anna 'A;B:C' P"
    assert " ".join(str(found["SUMMARY"]).split()).startswith(" ".join(trick.split()))


def test_lines_of_an_entry_are_folded_and_end_as_they_must():
    data = raw(parts(letter("seminar_programme", "ru"))[0])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


# ---------------------------------------------------------------------------------------------------------- the zones


@pytest.mark.parametrize(
    "name", ["Europe/Helsinki", "Europe/Kaliningrad", "Europe/Copenhagen", "America/St_Johns", "UTC"]
)
@pytest.mark.parametrize("year", [2010, 2011, 2012, 2014, 2026])
def test_a_written_zone_gives_the_offsets_of_the_real_one(name, year):
    """Read by the second library, which knows nothing but what is written, for every twelve hours of the year."""
    block = timezone(name, year).to_ical().decode()
    forget_zones()
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{block}END:VCALENDAR\r\n"
    read = vobject.readOne(text).vtimezone.gettzinfo()
    instant = utc(year, 1, 1, 0, 30)
    while instant.year == year:
        assert instant.astimezone(read).utcoffset() == instant.astimezone(zone(name)).utcoffset(), instant
        instant += timedelta(hours=12)


def test_an_onset_is_written_in_the_time_before_it():
    block = timezone("Europe/Helsinki", 2012).to_ical().decode()
    assert "DTSTART:20120325T030000" in block
    assert "DTSTART:20121028T040000" in block


def test_changes_of_clocks_are_found_to_the_second():
    assert changes(zone("Europe/Helsinki"), utc(2012, 1, 1), utc(2013, 1, 1)) == [
        utc(2012, 3, 25, 1, 0),
        utc(2012, 10, 28, 1, 0),
    ]


@pytest.mark.parametrize("name", ["", "Mars/Base", "../secrets", "/etc/passwd", "Europe", "Europe//Riga", "zones"])
def test_no_zone_is(name):
    with pytest.raises(UnknownZone):
        zone(name)


def test_of_an_hour_that_comes_twice_the_instant_says_which_is_meant():
    first, second = utc(2012, 10, 28, 0, 30), utc(2012, 10, 28, 1, 30)
    local = when("2012-10-28T03:30", "Europe/Helsinki")
    for instant in (first, second):
        assert at_place(local.model_copy(update={"at": instant})).astimezone(UTC) == instant


def test_an_entry_of_a_step_that_is_gone_is_not_written():
    entry = Entry(uid="x", step="gone")
    with pytest.raises(ValueError, match="gone"):
        letter("seminar_programme", entries=(entry,))
