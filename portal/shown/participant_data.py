"""What is kept of one person, as her page shows it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from exchange.plan import CyclePlan, Registration
from letters.personal import MAY_UNSUBSCRIBE
from letters.zones import zone
from portal.doors import Guest
from portal.shown.participant_needs import TITLES
from portal.speech import NAMES, PageWords, mark, words_in
from store.own_words import FORMERLY, NAMED, OWN
from telling.told import meaning

KINDS = {
    "invitation": mark("Invitations and reminders of them"),
    "nomination": mark("Requests to name colleagues, and reminders of them"),
    "survey": mark("Questions about what you thought of it, and reminders of them"),
    "word": mark("Other letters from the organisers, in their own words"),
}
"""The letters that one can do without, by what ends together."""

LEARNED = mark("What I learned")


def ends_with(kind: str) -> list[str]:
    """All kinds of letters that end with one of :data:`KINDS`."""
    return [one for one, together in MAY_UNSUBSCRIBE.items() if together == kind]


class Kept:
    """The page of a person's data."""

    def __init__(self, guest: Guest, kept: dict[str, Any], unwanted: list[str]) -> None:
        self._guest, self._kept, self._unwanted = guest, kept, unwanted
        self.words, self.person = guest.words, guest.person
        self.theme = guest.words.pick(guest.plan.theme_name)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Who she is."""
        say, person = self.words, self.person
        if person is None:
            return []
        house = self._guest.plan.organisation(person.home)
        rows = [
            (say.gettext("Name"), person.name),
            (say.gettext("E-mail address"), person.address),
            (say.gettext("Language of letters"), NAMES.get(person.language, person.language)),
            (say.gettext("Time zone"), say.city(person.zone) if person.zone != "UTC" else "UTC"),
            (say.gettext("Library"), say.pick(house.name) if house else ""),
        ]
        return [row for row in rows if row[1]]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What she told of herself, and the reasons that she gave."""
        told = [self._told(about, said) for about, said in self._kept["told"].items()]
        words = [(self.words.gettext("What you wrote"), self.words.pick(one["words"])) for one in self._kept["words"]]
        return [*told, *words]

    def _told(self, about: str, said: Any) -> tuple[str, str]:
        say = self.words
        if about in TITLES:
            return say.gettext(TITLES[about]), str(said)
        if about == NAMED:
            return say.gettext("My name beside it"), say.gettext("my hosts may see it")
        if about == FORMERLY:
            return say.gettext("Before it was corrected"), say.all_of(list(said))
        for step in self._guest.plan.steps:
            for one in step.wanted if isinstance(step, Registration) else ():
                if about == OWN + one.id:
                    return say.pick(one.text), meaning(one, str(said), say.pick)
        return say.gettext(LEARNED), _learned(said, self._guest.plan, say)

    @property
    def letters(self) -> list[tuple[str, str]]:
        """The letters to her: the subject, and when it was sent."""
        sent = [one for one in self._kept["letters"] if one["sent_at"] is not None]
        return [(one["subject"] or one["kind"], self._day(one["sent_at"])) for one in sent]

    @property
    def answers(self) -> int:
        """How many answers of hers are kept."""
        return len(self._kept["answers"])

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The kinds of letters that she can end or have again: kind, words, and whether she gets them."""
        return [(kind, self.words.gettext(said), not {kind, ""} & set(self._unwanted)) for kind, said in KINDS.items()]

    def _day(self, at: datetime) -> str:
        home = self.person.zone if self.person else "UTC"
        return self.words.day(at.astimezone(zone(home)))


def _learned(said: Any, plan: CyclePlan, words: PageWords) -> str:
    """What she learned, from whom, and whether that library may read it."""
    if not isinstance(said, dict):
        return str(said)
    house = plan.organisation(said.get("from", ""))
    shown = words.gettext("my hosts may see it") if said.get("host") else ""
    return " · ".join(filter(None, (said.get("what", ""), words.pick(house.name) if house else "", shown)))


def zones(words: PageWords, own: str) -> list[tuple[str, str]]:
    """Time zones to choose from, by their cities in the reader's language; her own is always among them."""
    names = sorted({*_european(), own, "UTC"}, key=lambda name: (name == own, _is_called_so(name), name))
    # several names of one place (Kyiv, Kiev, Uzhgorod) are one entry: hers, else the one that is called as the place is
    found = {"UTC" if name == "UTC" else words.city(name): name for name in names}
    return sorted(((name, city) for city, name in found.items()), key=lambda one: one[1].casefold())


@cache
def _is_called_so(name: str) -> bool:
    """Whether the zone has the name of its city: Europe/London, and not Europe/Belfast."""
    return name.rpartition("/")[2].replace("_", " ") == words_in("en").city(name)


@cache
def _european() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if name.startswith("Europe/")) | {"Atlantic/Reykjavik"}
