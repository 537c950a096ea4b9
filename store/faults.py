"""What the record can say no with. Each message is a sentence for the person who asked.

::

    StoreFault
    ├── StoreLocked         somebody else writes for longer than we wait; try again
    ├── StoreUnreachable    there is no database where it should be, or it cannot be used
    ├── StoreNewer          a newer release of Kierros has changed it
    ├── StoreBroken         the database refused what should have been possible
    ├── NoSuchCycle
    ├── CycleIsOver
    ├── AnotherPlan         the id belongs to a cycle that was started from another plan
    ├── CommandIdReused     the id of a command came again with other content
    ├── CommandTooLarge
    ├── OutOfStep           a workflow and its record do not fit together; `kierros recover` mends it
    │   ├── JournalGap      events would leave a hole in the journal
    │   ├── JournalDiffers  events are not those that the journal holds at their positions
    │   ├── RecordAhead     the workflow stands at an older moment than the record
    │   └── Superseded      another workflow was started from the record since
    ├── CycleNewer          a newer release began the cycle, or did with it what this one does not know
    ├── JournalBroken       an event of the journal is missing or cannot be read
    ├── NotEmpty            a backup is restored into an empty database only
    ├── CopyBroken          a line of a backup is not what it should be
    ├── NothingToRecover    the cycle is over, or has not begun
    ├── NobodyToErase
    ├── AddressTaken
    ├── HoldsARole          a member of staff who is active, or for whom an open cycle waits
    ├── ErasedMeanwhile     somebody was erased while letters were being written; they are written again
    ├── NoSuchStaff
    ├── StaffExists
    ├── AmbiguousStaff
    ├── NotSigned           an answer that staff typed in came without their proof
    ├── SessionOver         who acts has signed out, or was signed out
    ├── SignInRefused       a code or link that opens nothing
    └── TooManySignIns
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from exchange.base import NewerRules


class StoreFault(Exception):
    """The record could not do what was asked; nothing was changed."""


class StoreLocked(StoreFault):
    """Somebody else holds the database for longer than we wait. The same call may succeed later."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The record at {where} is being written by another process. Try again in a moment.")


class StoreUnreachable(StoreFault):
    """There is no database where it should be, or it cannot be opened or used."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"The record at {where} cannot be used: {why}")


class StoreNewer(StoreFault):
    """The database has a form that this release does not know, and that does not say it could work on it."""

    def __init__(self, where: str, revision: str) -> None:
        super().__init__(
            f"The record at {where} was written by a newer Kierros (its form is {revision}). Install that release, or "
            "a later one: this one cannot work on it, and has changed nothing."
        )


class StoreBroken(StoreFault):
    """The database refused what should have been possible. Says what kind of refusal; never any data."""

    def __init__(self, where: str, kind: str) -> None:
        super().__init__(
            f"The record at {where} refused a change ({kind}). Nothing was changed. `kierros doctor` looks closer."
        )


class NoSuchCycle(StoreFault):
    """There is no cycle of that id."""

    def __init__(self, cycle: str) -> None:
        super().__init__(f"There is no cycle called {cycle!r}. `kierros list` shows those there are.")
        self.cycle = cycle


class CycleIsOver(StoreFault):
    """The cycle has ended and takes no more answers."""

    def __init__(self, cycle: str, phase: str, since: datetime | None) -> None:
        when = f" at {since:%Y-%m-%d %H:%M} UTC" if since else ""
        super().__init__(f"{cycle} was {phase}{when}; it takes no more answers.")
        self.cycle, self.phase, self.since = cycle, phase, since


class AnotherPlan(StoreFault):
    """The id belongs to a cycle that was started from another plan."""

    def __init__(self, cycle: str) -> None:
        super().__init__(
            f"{cycle} was already started, from another plan. Give this plan another year or theme; "
            "a running cycle is changed by `kierros amend PLAN`, its dates by `kierros move`."
        )
        self.cycle = cycle


class CommandIdReused(StoreFault):
    """The id of a command came again with other content."""

    def __init__(self, cycle: str, command_id: str) -> None:
        super().__init__(
            f"{cycle} has taken something else under the id {command_id} before. Use a new id for a new wish."
        )
        self.cycle, self.command_id = cycle, command_id


class CommandTooLarge(StoreFault):
    """A command is larger than any should be."""

    def __init__(self, command_id: str, size: int, most: int) -> None:
        super().__init__(f"What came under the id {command_id} has {size} bytes; at most {most} are taken.")
        self.command_id, self.size, self.most = command_id, size, most


class OutOfStep(StoreFault):
    """A workflow and its record do not fit together: one of them was set back. Nothing was kept."""


class JournalGap(OutOfStep):
    """The events would leave a hole in the journal, or overlap its end: somebody else has written."""

    def __init__(self, cycle: str, length: int, after: int, count: int) -> None:
        holds = f"The journal of {cycle} holds {length} events"
        lacks = f" The record lacks {span(length + 1, after)}, which the engine had." if after > length else ""
        super().__init__(f"{holds}; {count} that follow event {after} do not fit behind them.{lacks} {_recover(cycle)}")
        self.cycle, self.length, self.after, self.count = cycle, length, after, count


class JournalDiffers(OutOfStep):
    """The events are not those that the journal holds at their positions, e.g. after a reset of the workflow."""

    def __init__(self, cycle: str, position: int) -> None:
        super().__init__(
            f"The journal of {cycle} holds another event {position} than the one that was to be kept. {_recover(cycle)}"
        )
        self.cycle, self.position = cycle, position


class RecordAhead(OutOfStep):
    """The workflow stands at an older moment than the record, e.g. after a reset."""

    def __init__(self, cycle: str, length: int, decided_to: int, after: int, decided: int) -> None:
        super().__init__(
            f"The workflow of {cycle} stands at event {after} and answer {decided}; "
            f"its record has {length} events and answers decided up to {decided_to}. {_recover(cycle)}"
        )
        self.cycle = cycle


class Superseded(OutOfStep):
    """The cycle was recovered: another workflow was started from the record, and only that one writes."""

    def __init__(self, cycle: str) -> None:
        super().__init__(
            f"{cycle} was started again from its record, and this is not the workflow that was started. "
            f"If no other one runs: {_recover(cycle)}"
        )
        self.cycle = cycle


class JournalBroken(StoreFault):
    """An event of the journal is missing or cannot be read. Says which one; never what it holds."""

    def __init__(self, cycle: str, position: int, why: str) -> None:
        super().__init__(
            f"The journal of {cycle} {why} at event {position}, so the record cannot be read past it. "
            "It was damaged, or a newer release wrote it: install that one, or restore a backup (`kierros restore`)."
        )
        self.cycle, self.position = cycle, position


class NotEmpty(StoreFault):
    """There is something where a backup was to be restored."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The database at {where} is not empty, and nothing in it was touched. "
            "Make an empty one, name it in KIERROS_DATABASE, and restore there."
        )


class CopyBroken(StoreFault):
    """A line of a backup is not what it should be."""

    def __init__(self, table: str, line: int) -> None:
        super().__init__(f"Line {line} of {table} in the backup cannot be read. Take another backup.")


class CycleNewer(StoreFault):
    """A newer release began the cycle, or has written an event that this one does not know."""

    def __init__(self, cycle: str, version: int, position: int = 0) -> None:
        what = f"Event {position} of {cycle}" if position else cycle
        super().__init__(f"{NewerRules(what, version)} Install that one, or a later one.")
        self.cycle, self.version, self.position = cycle, version, position


class NobodyToErase(StoreFault):
    """The cycle knows nobody of that reference."""

    def __init__(self, cycle: str) -> None:
        super().__init__(f"{cycle} keeps nothing of that person; there is nothing to erase.")
        self.cycle = cycle


class AddressTaken(StoreFault):
    """Somebody else of the cycle has the address."""

    def __init__(self, cycle: str) -> None:
        super().__init__(
            f"Somebody else in {cycle} has that address, and an address belongs to one person. Nothing was changed."
        )
        self.cycle = cycle


class HoldsARole(StoreFault):
    """A member of staff cannot be erased yet."""

    def __init__(self, name: str, cycles: Sequence[str]) -> None:
        where = f" and holds a role in {', '.join(cycles)}" if cycles else ""
        first = f'kierros handover "{name}" NAME, then ' if cycles else ""
        super().__init__(
            f'{name} is staff{where}, and nothing was erased. First: {first}kierros staff remove "{name}".'
        )
        self.cycles = tuple(cycles)


class ErasedMeanwhile(StoreFault):
    """Somebody was erased while letters were being written, and they may name her."""

    def __init__(self, cycle: str) -> None:
        super().__init__(f"Somebody was erased from {cycle} while letters were being written. They are written again.")
        self.cycle = cycle


class NothingToRecover(StoreFault):
    """The cycle needs no workflow."""

    def __init__(self, cycle: str, phase: str) -> None:
        super().__init__(f"{cycle} is {phase}: there is nothing to go on with. `kierros report` and `show` still work.")
        self.cycle = cycle


def span(first: int, last: int) -> str:
    """``event 3``, ``events 3 to 5``."""
    return f"event {first}" if first == last else f"events {first} to {last}"


def _recover(cycle: str) -> str:
    return f"`kierros recover {cycle}` goes on from the record."


class NoSuchStaff(StoreFault):
    """Nobody who may act is known by that name, address or reference."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"No member of staff is known as {who!r}. `kierros staff list` shows them; `kierros staff add` adds one."
        )
        self.who = who


class StaffExists(StoreFault):
    """The address belongs to a member of staff."""

    def __init__(self, ref: str, name: str) -> None:
        super().__init__(f"That address belongs to {name} ({ref}) already.")
        self.ref = ref


class AmbiguousStaff(StoreFault):
    """Several members of staff have that name."""

    def __init__(self, who: str, refs: Sequence[str]) -> None:
        super().__init__(
            f"Several members of staff are called {who!r} ({', '.join(refs)}). Say which one by address or reference."
        )
        self.who, self.refs = who, tuple(refs)


class NotSigned(StoreFault):
    """An answer that only staff can have typed in came without a proof that they did."""

    def __init__(self, cycle: str) -> None:
        super().__init__(
            f"Nothing was put into {cycle}: it says that staff entered it, and brings no proof. "
            "Sign in and enter it again: kierros login."
        )


class SessionOver(StoreFault):
    """The session has ended since it was looked at: by time, by signing out, or with the right to act."""

    def __init__(self) -> None:
        super().__init__("You are signed out: your session has ended. Nothing was decided. Sign in: kierros login")


class SignInRefused(StoreFault):
    """A code or a link opens nothing. ``why``: wrong, void, used or unknown; ``whose``: of a link that was known."""

    def __init__(self, why: str, left: int = 0, whose: str = "") -> None:
        anew = "Ask for a new letter: kierros login"
        tries = f"{left} {'try is' if left == 1 else 'tries are'} left." if left else f"It is void now. {anew}"
        sentences = {
            "wrong": f"That is not the code of the newest letter. {tries}",
            "void": f"No code is awaited: the letter is older than 15 minutes, or a newer one was sent. {anew}",
            "used": f"That was used already. {anew}",
            "unknown": f"There is no such link. {anew}",
        }
        super().__init__(sentences[why])
        self.why, self.left, self.whose = why, left, whose


class TooManySignIns(StoreFault):
    """So many sign-in letters went to one address that the next has to wait."""

    def __init__(self, letters: int, wait: timedelta) -> None:
        minutes = max(1, round(wait.total_seconds() / 60))
        super().__init__(
            f"{letters} sign-in letters have gone to this address within an hour. Use the newest, or try again in "
            f"{minutes} {'minute' if minutes == 1 else 'minutes'}."
        )
        self.wait = wait
