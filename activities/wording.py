"""From a row of the outbox to the letter itself: gathers what the letter speaks of, and has it composed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from exchange.base import Text
from exchange.correspondence import LetterKind
from exchange.overtaken import overtaken
from exchange.plan import CyclePlan, Seminar, Visits
from exchange.state import Cycle
from letters.compose import compose
from letters.facts import LetterFacts, Reader, Sender
from letters.hours import held_until
from letters.masked import masked
from letters.personal import About, found_in, stand_ins
from store.models import OutboxRow, Person, PromptRow, Rendered, Staff
from store.own_words import FORMERLY
from store.store import Store


class Wording:
    """Composes letters of any cycle.

    Keeps plans and staff for the length of one round, so that a thousand letters of a cycle read them once; make a new
    one for every round.
    """

    def __init__(self, store: Store, sender: Sender, portal: str = "") -> None:
        self._store, self._sender, self._portal = store, sender, portal
        self.since = datetime.now(UTC)
        """Whoever was erased after that may still be named here."""
        self._plans: dict[str, CyclePlan] = {}
        self._staff: dict[str, Staff] = {s.ref: s for s in store.staff(everybody=True)}
        self._people: dict[str, Person] = {}
        self._states: dict[str, Cycle] = {}
        self._phases: dict[str, str] = {}

    def reader(self, row: OutboxRow) -> Reader | None:
        """Whom the letter goes to; None when she is not known any more."""
        if row.to_ref.startswith("s_"):
            member = self._staff.get(row.to_ref)
            return _staff_reader(member) if member else None
        person = self._person(row.to_ref)
        if person is not None and row.kind == "address_changed":
            return self._at_old_address(row, person)
        return _reader(person) if person else None

    def _at_old_address(self, row: OutboxRow, person: Person) -> Reader | None:
        """She at the address that she had; None where it is not remembered any more."""
        known = self._store.told(row.cycle, row.to_ref).get(FORMERLY) or []
        number = int(row.facts.get("formerly", "0"))
        return _reader(person.model_copy(update={"address": known[number]})) if number < len(known) else None

    def render(self, row: OutboxRow, now: datetime) -> Rendered | None:
        """The letter in its final form; None when its reader, or its own words, are not known any more."""
        reader, plan = self.reader(row), self.plan(row.cycle)
        texts = self._texts(plan, row)
        if reader is None or (row.facts.get("text") and len(texts) < len({"subject", "text"})):
            return None
        kind: LetterKind = row.kind  # type: ignore[assignment]  # what the outbox holds was ordered by kind
        facts = LetterFacts(
            plan=plan,
            kind=kind,
            step=row.step,
            slot=row.slot,
            host=row.host,
            facts=row.facts | self._now_at(row),
            entries=row.entries,
            reader=reader,
            organiser=self._organiser(plan),
            names=self._names(plan, row.facts.get("people", "").split()) | self._author(row),
            texts=texts,
            paragraphs=self._added(row),
            prompt=self._prompt(row),
            portal=self._portal,
            practice=plan.practice,
        )
        letter = compose(facts, message_id=row.message_id, sender=self._sender, sent_at=now)
        return Rendered(data=letter.message, subject=letter.subject, language=letter.language)

    def _now_at(self, row: OutboxRow) -> dict[str, str]:
        """The new address, as much of it as the old one may see."""
        person = self._person(row.to_ref) if row.kind == "address_changed" else None
        return {"address": masked(person.address)} if person else {}

    def links(self, row: OutboxRow, letter: bytes) -> dict[str, About]:
        """The personal links that stand in the letter, by what holds their place."""
        there = found_in(letter)
        wanted = stand_ins(row, row.to_ref, self.plan(row.cycle)) if there else {}
        return {code: about for code, about in wanted.items() if code in there}

    def plan(self, cycle: str) -> CyclePlan:
        if cycle not in self._plans:
            self._plans[cycle] = self._store.get_plan(cycle)
        return self._plans[cycle]

    def overtaken(self, row: OutboxRow, now: datetime) -> bool:
        """Whether a reminder has lost its sense since it was ordered."""
        if row.cycle not in self._states:
            self._states[row.cycle] = self._store.load(row.cycle)
        about = {"step": row.step, "slot": row.slot, "host": row.host, "prompt": row.facts.get("prompt", "")}
        about["mark"] = row.mark
        return overtaken(self._states[row.cycle], row.kind, row.to_ref, about, now)

    def cancelled(self, row: OutboxRow) -> bool:
        """Whether the letter's cycle was cancelled."""
        if row.cycle not in self._phases:
            self._phases[row.cycle] = self._store.cycle(row.cycle).phase
        return self._phases[row.cycle] == "cancelled"

    def quiet_until(self, row: OutboxRow, now: datetime) -> datetime | None:
        """Until when a letter waits for its reader's morning or the end of quiet weeks; None when it may leave now."""
        plan, reader = self.plan(row.cycle), self.reader(row)
        if reader is None:
            return None
        return held_until(plan, row.kind, row.step, reader.zone or plan.zone, now)

    def meet(self, rows: Iterable[OutboxRow]) -> None:
        """Reads the readers of these letters at once, so that not each letter asks for its own."""
        refs = {row.to_ref for row in rows if not row.to_ref.startswith("s_")}
        self._people.update(self._store.get_people(sorted(refs)))

    def _person(self, ref: str) -> Person | None:
        if ref not in self._people:
            self._people.update(self._store.get_people([ref]))
        return self._people.get(ref)

    def _organiser(self, plan: CyclePlan) -> Reader:
        """The coordinator; the plan's check makes sure that there is one."""
        refs = (*plan.roles.get("coordinator", ()), plan.starter, *(r for refs in plan.roles.values() for r in refs))
        member = next((self._staff[ref] for ref in refs if ref in self._staff), None)
        if member is None:
            return Reader(ref="", name=self._sender.name, address=self._sender.address, language="en")
        return _staff_reader(member)

    def _names(self, plan: CyclePlan, others: Iterable[str]) -> dict[str, str]:
        """Speakers, hosts' contacts and the others that the letter may name; never another participant."""
        refs = [s.speaker for step in plan.steps if isinstance(step, Seminar) for s in step.sessions if s.speaker]
        refs += [c.contact for step in plan.steps if isinstance(step, Visits) for s in step.slots for c in s.candidates]
        people = [self._person(ref) for ref in dict.fromkeys((*refs, *others))]
        return {p.ref: p.name for p in people if p is not None}

    def _author(self, row: OutboxRow) -> dict[str, str]:
        """Who wrote a letter in staff's own words."""
        member = self._staff.get(row.facts.get("by", ""))
        return {member.ref: member.name} if member else {}

    def _texts(self, plan: CyclePlan, row: OutboxRow) -> dict[str, Text]:
        """The author's paragraph of the step, and why this host was chosen; of a letter in staff's own words, these."""
        if own := [row.facts[part] for part in ("subject", "text") if row.facts.get(part)]:
            return self._store.get_texts(own)
        step = next((s for s in plan.steps if s.id == row.step), None)
        if step is None:
            return {}
        wanted = {step.letter}
        if isinstance(step, Visits):
            wanted |= {c.reason for s in step.slots if s.id == row.slot for c in s.candidates if c.host == row.host}
        return self._store.get_texts(sorted(wanted - {""}))

    def _added(self, row: OutboxRow) -> Text:
        """What staff added to the step's letters, one below the other in every language that any of it has."""
        found = list(self._store.get_texts(row.facts.get("added", "").split()).values())
        codes = dict.fromkeys(code for text in found for code in text)
        return {code: "\n\n".join(text.get(code) or next(iter(text.values())) for text in found) for code in codes}

    def _prompt(self, row: OutboxRow) -> dict[str, str]:
        """What a letter to staff says of the decision that waits."""
        if "prompt" not in row.facts:
            return {}
        found = next(
            (p for p in self._store.prompts(row.cycle, open_only=False) if p.prompt.id == row.facts["prompt"]), None
        )
        return _prompt_facts(found, row.facts.get("role", "")) if found else {}


def _prompt_facts(row: PromptRow, role: str) -> dict[str, str]:
    """``role``: in which the reader is asked; letters of earlier releases do not say it."""
    prompt = row.prompt
    verb = "approve" if prompt.about == "approval" else "choose"
    facts = {
        "about": prompt.about,
        "step": prompt.step,
        "role": role or prompt.role,
        "passed": "yes" if role not in {"", prompt.role} else "",
        "due": prompt.due_at.isoformat(),
        "command": f"kierros {verb} {prompt.id}",
    }
    if prompt.letters:
        facts |= {"letters": str(prompt.letters), "languages": ",".join(prompt.languages)}
    if prompt.begins and prompt.ends:
        facts |= {"begins": prompt.begins.model_dump_json(), "ends": prompt.ends.model_dump_json()}
    if prompt.cents:
        facts["short" if prompt.about == "money" else "cents"] = str(prompt.cents)
    return facts


def _reader(person: Person) -> Reader:
    zone = "" if person.zone in {"", "UTC"} else person.zone
    return Reader(ref=person.ref, name=person.name, address=person.address, language=person.language, zone=zone)


def _staff_reader(member: Staff) -> Reader:
    zone = "" if member.zone in {"", "UTC"} else member.zone
    return Reader(ref=member.ref, name=member.name, address=member.address, language=member.language, zone=zone)
