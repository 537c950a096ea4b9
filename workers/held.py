"""What an approval would have leave: the letters that wait under a decision, and how each reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from exchange.correspondence import batch_of, held
from exchange.plan import CyclePlan
from exchange.prompt import Prompt
from exchange.state import Cycle
from letters.catalogues import language_for
from letters.personal import shown
from plans.unwritten import left_in
from store.models import OutboxRow, Person, Staff
from store.store import Store


@dataclass(frozen=True)
class Joined:
    """Somebody who joined since the letters were made ready, and the language among theirs in which she gets hers."""

    ref: str
    kind: str
    host: str
    language: str
    """Empty where none of these letters is in one that she could be sent: staff are asked about hers."""


@dataclass(frozen=True)
class Letters:
    """What an approval would have leave: the held letters, their readers, and the digest of exactly these."""

    rows: list[OutboxRow]
    people: dict[str, Person | Staff]
    digest: str
    unwanted: frozenset[int] = frozenset()
    """The numbers of those whose readers have asked for no more such letters: these are never sent."""
    joined: tuple[Joined, ...] = ()
    """Who is to have such a letter since, and had none made ready."""
    others: tuple[OutboxRow, ...] = ()
    """What was made ready for those who have left the group since: not sent, and read with the rest."""

    @property
    def held(self) -> list[OutboxRow]:
        """All that is there to be read."""
        return sorted([*self.rows, *self.others], key=lambda row: row.id)

    @property
    def count(self) -> int:
        """How many letters leave."""
        return len(self.rows) + sum(bool(one.language) for one in self.joined) - len(self.unwanted)


def letters_of(store: Store, cycle: Cycle, prompt: Prompt) -> Letters:
    """The letters that wait under the decision, as things stand: to whom each goes by now."""
    if not prompt.letters:
        return Letters([], {}, prompt.digest)
    batch = batch_of(prompt.step, prompt.revision)
    there = store.held(cycle.plan.id, batch)
    wanted: list[Place] = [
        (ref, mail.kind, mail.slot, mail.host) for mail in held(cycle, prompt.step) for ref in mail.to
    ]
    rows = [row for row in there if _place(row) in wanted]
    others = tuple(row for row in there if _place(row) not in wanted)
    joined = _joined(store, cycle.plan, wanted, there)
    people = addressed(store, [*(row.to_ref for row in there), *(who.ref for who in joined)])
    digest = store.batch_digest(cycle.plan.id, batch)
    return Letters(rows, people, digest, frozenset(store.unwanted(rows)), joined, others)


Place = tuple[str, str, str, str]
"""To whom a letter goes, its kind, and the stay and the host that it is about."""


def _place(row: OutboxRow) -> Place:
    return row.to_ref, row.kind, row.slot, row.host


def _joined(store: Store, plan: CyclePlan, wanted: list[Place], there: list[OutboxRow]) -> tuple[Joined, ...]:
    """Who has joined since the letters were made ready. What is released is held to the same (store.joining)."""
    known = {_place(row) for row in there}
    late = [place for place in dict.fromkeys(wanted) if place not in known]
    people, others, found = addressed(store, (place[0] for place in late)), plan.languages, []
    for ref, *about in late:
        shown = tuple(sorted({row.language for row in there if [row.kind, row.slot, row.host] == about}))
        if ref not in people or (not shown and about[0] == "word"):
            continue
        code = language_for(people[ref].language, (*others, "en"), shown) if shown else ""
        mine = {people[ref].language.partition("-")[0], *others, "en"}
        found.append(Joined(ref, about[0], about[2], code if code in mine or about[0] == "word" else ""))
    return tuple(found)


def addressed(store: Store, refs: Iterable[str]) -> dict[str, Person | Staff]:
    """People and staff by their references; who is not known any more is left out."""
    wanted = list(refs)
    people = store.get_people(ref for ref in wanted if not ref.startswith("s_"))
    return {**people, **store.get_staff(ref for ref in wanted if ref.startswith("s_"))}


@dataclass(frozen=True)
class Reading:
    """A letter as its reader sees it."""

    subject: str
    text: str
    enclosed: tuple[str, ...]


def opened(data: bytes | None, language: str = "en") -> Reading | None:
    """The letter in these bytes, which is in that language; None where they are not kept any more."""
    if data is None:
        return None
    letter = message_from_bytes(data, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    body = letter.get_body(("plain", "html"))
    words = shown(body.get_content().strip(), language) if body is not None else ""
    enclosed = (part.get_filename() or part.get_content_type() for part in letter.iter_attachments())
    return Reading(str(letter["Subject"]), words, tuple(enclosed))


def read(data: bytes | None, language: str = "en") -> str:
    """The same on one page."""
    found = opened(data, language)
    if found is None:
        return "(not kept any more)"
    with_it = f"\n\nEnclosed: {', '.join(found.enclosed)}" if found.enclosed else ""
    return f"Subject: {found.subject}\n\n{found.text}{with_it}"


def unwritten(rows: Iterable[OutboxRow]) -> list[str]:
    """The sentences in letters that `kierros new` wrote to be replaced."""
    return list(dict.fromkeys(ours for row in rows for ours in left_in(read(row.data))))
