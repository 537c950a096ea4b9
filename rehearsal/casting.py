"""Who is meant in a script by name, and what of it could not be played: no word is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from rehearsal.script import Deed, HomeLine, HostLine, PersonLine, Script
from rehearsal.year import Rehearsed

SHOWN = 5
"""So many names are offered where one is not known."""


@dataclass(frozen=True)
class Cast:
    """Those of a year who can be named: names and references, one pair for every name."""

    hosts: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    speakers: tuple[tuple[str, str], ...] = ()
    homes: tuple[tuple[str, str], ...] = ()
    """The libraries of those who are invited."""


class NotPlayable(Exception):
    """Sentences that name somebody of whom this year knows nothing. ``str()`` has a line for each."""


def cast(script: Script, known: Cast) -> Script:
    """The script with references in the place of names.

    Raises:
        NotPlayable: somebody is named whom the year does not know, or several have that name.
    """
    hosts: list[HostLine] = []
    people: list[PersonLine] = []
    homes: list[HomeLine] = []
    wrong: list[str] = []
    lines: tuple[HostLine | PersonLine | HomeLine, ...] = (*script.hosts, *script.people, *script.homes)
    for line in lines:
        try:
            found = _sender(line, known) if isinstance(line, HomeLine) else _found(line, known)
        except NotPlayable as why:
            wrong.append(str(why))
            continue
        if isinstance(found, HostLine):
            hosts.append(found)
        elif isinstance(found, HomeLine):
            homes.append(found)
        else:
            people.append(found)
    if wrong:
        raise NotPlayable("\n".join(wrong))
    return replace(script, hosts=tuple(hosts), people=tuple(people), homes=tuple(homes))


def _sender(line: HomeLine, known: Cast) -> HomeLine:
    """Which library is meant, and whom of its people its contact chooses."""
    home, chosen = line.home, line.chooses
    if home and not (found := _called(home, known.homes)):
        names = _some(dict.fromkeys(ref for _, ref in known.homes)) or "none"
        raise NotPlayable(f"“{line.sentence}” cannot be played: nobody is invited from “{home}”. Libraries: {names}.")
    if home:
        home = _one(found, line.sentence)
    if chosen and not (people := _called(chosen, known.people)):
        raise NotPlayable(
            f"“{line.sentence}” cannot be played: nobody here is called “{chosen}”. {_offered(chosen, known)}"
        )
    return replace(line, home=home, chooses=_one(people, line.sentence) if chosen else "")


def _found(line: HostLine | PersonLine, known: Cast) -> HostLine | PersonLine:
    who = line.which if isinstance(line, HostLine) else line.who
    if isinstance(who, int):
        return line
    houses = _called(who, known.hosts) if isinstance(line, HostLine) else set()
    if isinstance(line, HostLine) and houses:
        return replace(line, which=_one(houses, line.sentence))
    if people := _called(who, known.people):
        return PersonLine(_one(people, line.sentence), _deed(line), line.sentence)
    if _plain(who) in {"speaker", "a speaker"} or _called(who, known.speakers):
        raise NotPlayable(_of_a_speaker(line.sentence, known))
    raise NotPlayable(f"“{line.sentence}” cannot be played: nobody here is called “{who}”. {_offered(who, known)}")


def _of_a_speaker(sentence: str, known: Cast) -> str:
    if not known.speakers:
        return f"“{sentence}” cannot be played: nobody speaks in this year."
    names = _some(dict.fromkeys(name for name, _ in known.speakers))
    return (
        f"“{sentence}” cannot be played: a speaker is asked for no answer, and no date changes. In the year itself "
        f"somebody else takes her sessions: kierros replace ADDRESS NEW-ADDRESS --reason TEXT. Speakers: {names}."
    )


def _called(who: str, names: tuple[tuple[str, str], ...]) -> set[str]:
    """Everybody of that name, else everybody of whose name it is a word."""
    whole = {ref for name, ref in names if _plain(name) == _plain(who)}
    return whole or {ref for name, ref in names if _plain(who) in _plain(name).split()}


def _plain(words: str) -> str:
    """A name without what may stand in front of it in a sentence, and was taken off there."""
    return " ".join(words.casefold().split()).removeprefix("the ").removeprefix("host ")


def _one(found: set[str], sentence: str) -> str:
    if len(found) > 1:
        raise NotPlayable(f"“{sentence}” cannot be played: {len(found)} are called that, and which is not said.")
    return next(iter(found))


def _deed(line: HostLine | PersonLine) -> Deed:
    if isinstance(line, PersonLine):
        return line.deed
    deeds: dict[str, Deed] = {"confirm": "register", "decline": "decline", "silent": "silent"}
    if line.answer not in deeds:
        raise NotPlayable(f"“{line.sentence}” cannot be played: only a host proposes a date or wishes to move one.")
    return deeds[line.answer]


def _offered(who: str, known: Cast) -> str:
    """Whom one can name: those with a name like it, else the first."""
    spelt = {_plain(name): name for name, _ in (*known.hosts, *known.people)}
    if near := get_close_matches(who, spelt, 3, 0.7):
        return f"Did you mean {' or '.join(spelt[name] for name in near)}?"
    lists = (("Hosts", [ref for _, ref in known.hosts]), ("Invited", [name for name, _ in known.people]))
    said = [f"{title}: {_some(dict.fromkeys(names))}." for title, names in lists if names]
    return " ".join([*said, "A number of people: “five decline the invitation”, “five cancel”."])


def _some(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{', '.join(found[:SHOWN])}{more}"


# -- after the year was played -----------------------------------------------------------------------------------------


def unplayed(year: Rehearsed) -> list[str]:
    """The sentences of the script of which nothing came to be played, each with why."""
    players, script = year.players, year.players.script
    asked = players.hosts_asked
    why = {line.sentence: _why_no_host(line, asked) for line in script.hosts if line.sentence not in players.played}
    why |= {line.sentence: _WHY_NOT[line.deed] for line in script.people if line.sentence not in players.played}
    why |= {line.sentence: _NOT_ASKED for line in script.homes if line.sentence not in players.played}
    why |= {script.sentences[name]: _NOBODY[name] for name, _, played in _counts(year) if not played}
    return [f"“{sentence}” was not played: {reason}" for sentence, reason in why.items() if sentence]


def fewer(year: Rehearsed) -> list[str]:
    """The sentences of which only a part could be played."""
    said = year.players.script.sentences
    return [f"“{said[name]}”: there were only {played} who could." for name, wanted, played in _counts(year) if played]


def _counts(year: Rehearsed) -> Iterator[tuple[str, int, int]]:
    """Field, wanted and played, where fewer did it than the script wanted."""
    for name in year.players.script.sentences:
        wanted, played = getattr(year.players.script, name), year.players.counted.get(name, 0)
        if wanted is not None and played < wanted:
            yield name, wanted, played


def _why_no_host(line: HostLine, asked: int) -> str:
    many = {0: "no host is", 1: "only one host is"}.get(asked, f"only {asked} hosts are")
    if isinstance(line.which, str):
        return f"{line.which} is not asked for a visit in this year; it may be asked where another says no."
    return f"{many} asked in this year."


_NOT_ASKED = "no contact is asked to choose: no more people of a library ask than it has places."
_WHY_NOT: dict[Deed, str] = {
    "register": "she is not asked to register any more, or registered before.",
    "decline": "she is not invited any more, or has answered.",
    "silent": "she is not invited any more, or has answered.",
    "late": "she is not invited any more, or has answered.",
    "cancel": "she has asked for no place when the places are given.",
    "missing": "no visit at which she is expected moves.",
}
_NOBODY = {
    "registering": "nobody is invited any more who has not answered.",
    "declining": "nobody is invited any more who has not answered.",
    "cancelling": "nobody has a place when the places are given.",
    "missing": "no confirmed visit moves. Add e.g. “the first host wishes to move”.",
    "answering": "nobody is asked for feedback.",
}
