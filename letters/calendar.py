"""Calendar entries (RFC 5545, RFC 5546): one object per seminar or stay, REQUEST while it stands, CANCEL when it falls.

Times are written as local time with the place's IANA zone and a VTIMEZONE, not in UTC: the agreement is "ten o'clock in
Kaliningrad", and it stays ten o'clock when a government changes the clocks (it did in 2011 and 2014). A program that
knows the zone takes its own, newer rules; one that does not has ours.

The UID is made of the entry's and of the starter's reference, which is drawn at random in each installation: so it is
the same for every letter about the entry, and another one wherever else the same plan is run. The ORGANIZER is a person
who reads answers: cancellations and replies find her (indico#7121).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from exchange.mail import Entry
from exchange.plan import When
from letters.headers import address
from letters.mime import CalendarPart
from letters.scene import Occasion, Scene
from letters.zones import at_place, zone

_SPACE = UUID("6c9a1c0e-7d0b-5a53-9d58-2f1f6d9f7b11")
"""The name space of our UIDs: any constant does, as long as it stays."""


def calendar_part(scene: Scene, entry: Entry, sent_at: datetime, number: int) -> CalendarPart:
    """The calendar object of an entry.

    Args:
        scene: the letter that it goes with.
        entry: what it is about.
        sent_at: the letter's moment (aware), which becomes DTSTAMP.
        number: its place among the letter's entries, from 1, for the file name.
    """
    occasion = scene.occasion(entry)
    calendar = Calendar()
    calendar.add("prodid", "-//Kierros//Letters//EN")
    calendar.add("version", "2.0")
    calendar.add("method", entry.method)
    places = dict.fromkeys((occasion.begins.zone, occasion.ends.zone))
    for name in places:
        if name != "UTC":
            calendar.add_component(timezone(name, at_place(occasion.begins).year))
    calendar.add_component(_event(scene, entry, occasion, sent_at))
    data = calendar.to_ical()
    return CalendarPart(entry.method, f"{'cancelled' if entry.method == 'CANCEL' else 'calendar'}-{number}.ics", data)


def calendar_of(scene: Scene, entries: Iterable[Entry], made_at: datetime) -> bytes:
    """Several entries in one file, to be taken into a calendar by hand: published, with nobody invited by it.

    Each has the name that it has in letters, so that a later letter about it moves or cancels it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kierros//Letters//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    occasions = [(entry, scene.occasion(entry)) for entry in entries]
    first = {name: occasion for _, occasion in occasions for name in (occasion.ends.zone, occasion.begins.zone)}
    for name, occasion in first.items():
        if name != "UTC":
            calendar.add_component(timezone(name, at_place(occasion.begins).year))
    for entry, occasion in occasions:
        calendar.add_component(_event(scene, entry, occasion, made_at, invite=False))
    data: bytes = calendar.to_ical()
    return data


def uid(scene: Scene, entry: Entry) -> str:
    """The entry's globally unique and lasting name."""
    return str(uuid5(_SPACE, f"{scene.plan.starter}/{entry.uid}"))


def _event(scene: Scene, entry: Entry, occasion: Occasion, sent_at: datetime, *, invite: bool = True) -> Event:
    event = Event()
    event.add("uid", uid(scene, entry))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", sent_at.astimezone(UTC))
    event.add("dtstart", _local(occasion.begins))
    event.add("dtend", _local(occasion.ends))
    cancelled = entry.method == "CANCEL"
    title = scene.words.gettext("Cancelled: %(title)s", title=occasion.title) if cancelled else occasion.title
    event.add("summary", f"{title} · {scene.theme}")
    event.add("location", occasion.place)
    event.add("description", "\n".join(scene.about(occasion)))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _person(scene.organiser.name, scene.organiser.address), encode=False)
    if not invite:
        return event
    guest = _person(scene.reader.name, scene.reader.address)
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
    guest.params["RSVP"] = vText("FALSE")
    event.add("attendee", guest, encode=False)
    return event


def _local(when: When) -> datetime:
    local = at_place(when)
    return local.astimezone(UTC) if when.zone == "UTC" else local


def _person(name: str, mail: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{address('the calendar entry', mail)}")
    who.params["CN"] = vText(name.replace('"', "'"))
    return who


@cache
def timezone(name: str, year: int) -> Timezone:
    """The VTIMEZONE of a zone: what its clocks do from the year before ``year`` to the year after it.

    Each onset is written in the time that was valid before it, as RFC 5545 (3.6.5) asks.
    """
    there = zone(name)
    component = Timezone()
    component.add("tzid", name)
    first, last = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    before = _offset(first, there)
    component.add_component(_observance(first, before, there))
    for at in changes(there, first, last):
        component.add_component(_observance(at, before, there))
        before = _offset(at, there)
    return component


def _observance(at: datetime, before: timedelta, there: ZoneInfo) -> TimezoneDaylight | TimezoneStandard:
    local = at.astimezone(there)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (at + before).replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(at, there))
    part.add("tzname", local.tzname() or there.key)
    return part


def changes(there: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The instants (UTC, to the second) between two others at which the zone's offset changes."""
    found = []
    day = first
    while day < last:
        after = day + timedelta(days=1)
        if _offset(day, there) != _offset(after, there):
            found.append(_switch(there, day, after))
        day = after
    return found


def _switch(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Halves the span in which the offset changes until the second is found."""
    old = _offset(before, there)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, there) == old else (before, middle)
    return after


def _offset(at: datetime, there: ZoneInfo) -> timedelta:
    return at.astimezone(there).utcoffset() or timedelta(0)
