"""What a running cycle holds between two visits to the record: the state, and what is not recorded yet.

Plain Python, no waiting in it: the workflow decides when, the ledger knows what.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from exchange import correspondence, record
from exchange import cycle as rules
from exchange.approval import RecordPrepared, prepares
from exchange.base import PLAN, TIME, Command, Due, Event, Model, NewerRules, Refusal
from exchange.defect import NoteFailedLetters, ParkDefect
from exchange.erasing import Erase
from exchange.mail import Mail, gathered
from exchange.record import Gone, Ready, Record, Refused, Row, Standing, Whereabouts
from exchange.state import Cycle
from exchange.wire import VERSION

FROM_THE_INBOX: tuple[type[Command], ...] = (*rules.ANSWERS, NoteFailedLetters)
"""What may come in as a row: answers, and the post office's word. What staff decide comes in by their door alone."""

NOT_AN_ANSWER = "NotAnAnswer"
NOT_PROVEN = "NotProven"

A_DAY = timedelta(days=1)
"""What time asks for and is decided later than that has been held up by an absence or a standstill."""

REMEMBERED = 200
"""How many update ids are carried over continue-as-new: far more than staff send twice by mistake or on retry."""


class Ledger:
    """The live state of one cycle, and the events, letters and outcomes that wait to be recorded."""

    def __init__(
        self,
        cycle: Cycle,
        *,
        decided_to: int = 0,
        taken: dict[str, int] | None = None,
        writer: str = "",
        needs: int = 1,
    ) -> None:
        self.cycle = cycle
        self.needs = max(needs, cycle.rules)
        """The version of the rules that whoever carries it on must know: what it began under, or has used since."""
        self.writer = writer
        """The token by which the record knows this workflow; empty until the cycle has been recovered."""
        self.recorded = cycle.position
        """How many events the journal holds."""
        self.decided_to = decided_to
        """Inbox rows up to this number are decided."""
        self.outcomes_to = decided_to
        """Inbox rows up to this number have their outcome recorded."""
        self.taken = dict(taken or {})
        """Update id to the position after it: a decision sent twice is taken once."""
        self.stuck: set[str] = set()
        """Dues that made a rule fail; they are parked so that time goes on."""
        self._asked: Cycle | None = None
        self._dues: tuple[Due, ...] = ()
        """What time will ask for, as the state ``_asked`` was: it is asked for several times between two events."""
        self._events: list[Event] = []
        self._mails: list[Mail] = []
        self._refused: list[Refused] = []
        self._in_flight = 0
        """How many of the letters ordered are in the record that is being kept."""

    @property
    def unrecorded(self) -> bool:
        return bool(self._events) or self.unrecorded_outcomes

    @property
    def unrecorded_outcomes(self) -> bool:
        """Whether rows have been decided whose outcome the record does not have."""
        return self.decided_to > self.outcomes_to

    @property
    def unrecorded_events(self) -> Sequence[Event]:
        return self._events

    def decide(self, command: Command) -> list[Event]:
        """Decides and applies. Raises a Refusal, and then nothing has changed."""
        events = rules.decide(self.cycle, command)
        self.cycle, mails = correspondence.carried(self.cycle, events)
        self._events += events
        self._mails += mails
        return events

    def take(self, rows: Sequence[Row], now: datetime | None = None) -> None:
        """Decides rows in their order. One already decided is passed over; after a gap the rest must be fetched.

        One that a newer release wrote stops everything: refused here, it would count as decided for good.

        Args:
            rows: from the inbox. What they bring counts by when it was received.
            now: what follows from them (how long the next has to answer) counts from here.
        """
        if self.cycle.standstill is not None:
            return  # they were on their way when it was suspended, and are fetched again when it goes on
        for row in rows:
            if row.number == self.decided_to + 1:
                self._take(row, now)
                self.decided_to = row.number

    def _take(self, row: Row, now: datetime | None) -> None:
        if not row.proven:
            self._refused.append(Refused(number=row.number, name=NOT_PROVEN))
            return
        about: dict[str, Any] = {"at": row.at, "actor": row.actor, "cause": f"i{row.number}"}
        try:
            command = record.commands.unpack({**row.data, **about, "decided_at": now})
            if isinstance(command, FROM_THE_INBOX):
                self.decide(command)
            else:
                self._refused.append(Refused(number=row.number, name=NOT_AN_ANSWER))
        except Refusal as refusal:
            self._refused.append(Refused(number=row.number, name=refusal.name, facts=plain(refusal.facts)))
        except NewerRules as newer:
            raise NewerRules(f"Answer {row.number} of {self.cycle.plan.id} ({newer.what})", newer.version) from None
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others: it is parked, staff are prompted
            name = type(error).__name__
            self._refused.append(Refused(number=row.number, name="Defect", facts={"error": name}))
            if self.cycle.phase == "running":
                self.decide(ParkDefect(**about, number=row.number, error=name))

    def time(self, entry: Due, now: datetime) -> None:
        """Decides what time asks for."""
        command, ordered = rules.at_last(entry, now), len(self._mails)
        try:
            self.decide(command)
            self._late(ordered, entry.at, now)
        except Exception as error:  # noqa: BLE001 - a due that makes a rule fail is parked, and time goes on
            self.stuck.add(due_key(entry))
            self.park(now, type(error).__name__)

    def prepared(self, step: str, revision: int, ready: Ready, now: datetime) -> None:
        """A step's letters lie ready: approval is asked, or they go where none is wanted."""
        if self.cycle.phase != "running":
            return
        done = RecordPrepared(at=now, actor=PLAN, step=step, revision=revision, **ready.model_dump())
        ordered = len(self._mails)
        try:
            hour = prepares(self.cycle.to_approve(step))
            self.decide(done)
            self._late(ordered, hour.at if hour and revision == 1 else now, now)
        except Exception as error:  # noqa: BLE001 - a rule that fails here must not stop the year
            self.park(now, type(error).__name__)

    def forget(self, gone: Sequence[Gone], now: datetime) -> None:
        """People whose data the record has erased leave the cycle; one who has left it already is passed over."""
        for one in gone:
            if self.cycle.over:
                return
            said: dict[str, Any] = {"person": one.person, "role": one.role, "steps": one.steps}
            try:
                self.decide(Erase(at=now, actor=one.actor, **said))
            except Exception as error:  # noqa: BLE001 - whatever a rule says to it, the year goes on
                self.park(now, type(error).__name__)

    def _late(self, ordered: int, hour: datetime, now: datetime) -> None:
        """Notes on the letters ordered since in which hour they were wanted, where that is long ago."""
        if now - hour > A_DAY:
            self._mails[ordered:] = [mail.model_copy(update={"hour": hour}) for mail in self._mails[ordered:]]

    def park(self, now: datetime, error: str) -> None:
        """Something went wrong outside the rules: staff are prompted, and the year goes on."""
        if not self.cycle.over:
            self.decide(ParkDefect(at=now, actor=TIME, number=0, error=error))

    def due(self) -> list[Due]:
        """What time will ask for, earliest first."""
        if self._asked is not self.cycle:
            self._asked, self._dues = self.cycle, rules.due(self.cycle)
        return [entry for entry in self._dues if not self.stuck or due_key(entry) not in self.stuck]

    def preparing(self) -> str:
        """The step whose letters are to be made ready now; empty when none is."""
        if self.cycle.phase != "running":
            return ""
        return next((s for s, state in sorted(self.cycle.approvals.items()) if state.stage == "preparing"), "")

    def standing(self) -> Standing:
        entries = self.due()
        fields: dict[str, Any] = {"step": self.cycle.current, "phase": self.cycle.phase}
        fields["registered"] = sum(desk.confirmed for desk in self.cycle.desk_books.values())
        fields["next_due"] = entries[0].at if entries else None
        return Standing(**_said(Standing, fields))

    def record(self, *, collect: bool = True) -> Record:
        """What is to be recorded now. Fields at their defaults are left unset, so that a history does not hold them."""
        self._in_flight = len(self._mails)
        events = tuple(record.events.pack(event, self.cycle.rules) for event in self._events)
        self.needs = max(self.needs, *(event.get(VERSION, 1) for event in events), 1)
        fields: dict[str, Any] = {
            "cycle": self.cycle.plan.id,
            "after": self.recorded,
            "events": events,
            "mails": tuple(gathered(self._mails)),
            "decided_to": self.decided_to,
            "refused": tuple(self._refused),
            "standing": self.standing(),
            "collect": collect,
            "writer": self.writer,
        }
        return Record(**_said(Record, fields))

    def was_recorded(self, done: Record) -> None:
        """Forgets what ``done`` has brought into the record; what was decided meanwhile stays."""
        self.recorded = done.after + len(done.events)
        self.outcomes_to = done.decided_to
        del self._events[: len(done.events)]
        del self._mails[: self._in_flight]
        del self._refused[: len(done.refused)]

    def whereabouts(self) -> Whereabouts:
        return Whereabouts(
            writer=self.writer,
            recorded=self.recorded,
            position=self.cycle.position,
            outcomes_to=self.outcomes_to,
            decided_to=self.decided_to,
        )

    def remember(self, update_id: str) -> None:
        self.taken[update_id] = self.cycle.position
        while len(self.taken) > REMEMBERED:
            del self.taken[next(iter(self.taken))]


def due_key(entry: Due) -> str:
    """What tells one due from another."""
    return f"{type(entry.command).__name__}@{entry.command.model_dump_json()}"


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as JSON can carry them."""
    return {key: _plain(value) for key, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    return value.isoformat() if isinstance(value, datetime) else value


def _said(model: type[Model], fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that differ from the model's defaults."""
    return {name: value for name, value in fields.items() if value != model.model_fields[name].default}
