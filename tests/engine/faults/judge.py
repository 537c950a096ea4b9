"""What must be true when all is over, looked at from outside: acknowledgements against the record, letters against what
the mail server took, the journal against itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from exchange.cycle import begin, evolve
from store.models import JournalEntry
from tests.engine.faults.players import Player
from tests.engine.installation import Installation
from tests.engine.post import Sink


def judge(player: Player, sink: Sink) -> None:
    journal = player.here.store.journal(player.cycle)
    whole(player, journal)
    nothing_twice(journal)
    answers_kept(player, journal)
    decisions_kept(player, journal)
    letters_came(player.here, player.cycle, sink)


def whole(player: Player, journal: Sequence[JournalEntry]) -> None:
    """No hole, nothing out of turn, places never overbooked, and the fold is the state."""
    assert [entry.position for entry in journal] == list(range(1, len(journal) + 1))
    assert [e.recorded_at for e in journal] == sorted(e.recorded_at for e in journal)
    state = begin(player.here.store.first_plan(player.cycle))
    order, turn = [step.id for step in state.plan.steps], 0
    for entry in journal:
        state = evolve(state, entry.event)
        now = order.index(state.current) if state.current else len(order)
        assert now >= turn, f"event {entry.position}: {state.current} after {order[turn]}"
        turn = now
        assert state.desk("registration").taken <= max(state.desk("registration").capacity, 0)
    assert state.model_dump_json() == player.here.cycle(player.cycle).model_dump_json()


def nothing_twice(journal: Sequence[JournalEntry]) -> None:
    """What one answer or decision brought about stands together, and each of it once."""
    last: dict[str, int] = {}
    seen: set[str] = set()
    for entry in journal:
        event = entry.event
        if not event.cause:
            continue
        assert last.get(event.cause, entry.position - 1) == entry.position - 1, f"{event.cause} again at {entry}"
        last[event.cause] = entry.position
        fact = f"{type(event).__name__} {event.model_dump_json()}"
        assert fact not in seen, f"twice: {fact}"
        seen.add(fact)


def answers_kept(player: Player, journal: Sequence[JournalEntry]) -> None:
    """Each acknowledged answer has its one outcome, and they were decided in the order in which they came."""
    outcomes = player.here.store.outcomes(player.cycle, player.answers.values())
    assert len(set(player.answers.values())) == len(player.answers) == len(outcomes)
    caused = Counter(entry.event.cause for entry in journal)
    for name, number in player.answers.items():
        outcome = outcomes[number]
        assert outcome.state in {"accepted", "refused"}, f"{name} was never decided"
        assert bool(caused[f"i{number}"]) == (outcome.state == "accepted"), f"{name}: {outcome}"
    came = [int(e.event.cause[1:]) for e in journal if e.event.cause[:1] == "i" and e.event.cause[1:].isdigit()]
    assert came == sorted(came)


def decisions_kept(player: Player, journal: Sequence[JournalEntry]) -> None:
    """Each acknowledged decision took effect once, in its order; what was not acknowledged, at most once."""
    closed = Counter(e.event.prompt for e in journal if type(e.event).__name__ == "PromptClosed")
    assert {prompt: closed[prompt] for prompt in player.decided} == dict.fromkeys(player.decided, 1)
    assert set(closed.values()) <= {1}
    refs = [e.event.note for e in journal if type(e.event).__name__ == "NoteTaken"]
    texts = player.here.store.get_texts(refs)
    kept = [next(iter(texts[ref].values())) for ref in refs]
    assert set(Counter(kept).values()) <= {1}, "a note was kept twice"
    assert [note for note in kept if note in player.notes] == player.notes
    assert set(kept) <= {*player.notes, *player.doubtful}


def letters_came(here: Installation, cycle: str, sink: Sink) -> None:
    """One to three copies of each letter under its one Message-ID, each to its one reader."""
    rows = here.letters(cycle)
    assert len({row.message_id for row in rows}) == len({row.key for row in rows}) == len(rows)
    addresses = {person.ref: person.address for person in here.store.people(cycle)}
    addresses |= {one.ref: one.address for one in here.store.staff()}
    copies: dict[str, dict[str, int]] = {}
    for (letter, reader), count in sink.copies.items():
        copies.setdefault(letter, {})[reader] = count
    for row in rows:
        came = copies.get(row.message_id, {})
        assert set(came) <= {addresses[row.to_ref]}, f"{row.kind} went astray"
        count = sum(came.values())
        assert count <= 3, f"{row.kind} came {count} times"
        assert count or row.state != "sent", f"{row.kind} never came"
        assert not count or row.state in {"sent", "suspect"} or row.maybe_delivered, f"{row.kind} came all the same"
    assert set(sink.readers) <= {1}, "a letter had several readers"
