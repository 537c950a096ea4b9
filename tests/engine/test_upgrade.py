"""Twenty cycles live through an upgrade and back: none stuck, none with another past. The releases are real code."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest

from plans import Staffer, read_people, read_plan, split_plan
from runtime.settings import Settings
from store.schema import REVISION
from tests.engine import hand
from tests.engine.installation import KRISTINA, OLGA, Installation, until
from tests.engine.newer import FORM, newer_release

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.timeout(600)]

WHO = ("anna@home-library.example", "bo@home-library.example", "cecilia@second-library.example")


@dataclass
class Release:
    """One release over the folder; ``code`` is where its packages lie, empty for those that run this test."""

    folder: Path
    code: Path | None = None

    def __post_init__(self) -> None:
        # PYTHONSAFEPATH: the working directory, where this release lies, must not come first
        path = {"PYTHONPATH": str(self.code), "PYTHONSAFEPATH": "1"} if self.code else {}
        self.here = Installation(self.folder, path)

    def __enter__(self) -> Self:
        self.here.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.here.down()
        self.here.store.close()

    def ask(self, *asks: list[Any]) -> Any:
        """Some of :mod:`tests.engine.hand`, by this release's code; gives back the last answer."""
        if self.code is None:
            return hand.do(Settings(data=self.folder), asks)[-1]
        done = subprocess.run(
            [sys.executable, hand.__file__], input=json.dumps(asks), env=self.here.environment,
            capture_output=True, text=True, check=False, timeout=180, cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)[-1]


@dataclass
class World:
    """The cycles, and what their journals held when they were last looked at."""

    folder: Path
    plain: list[str]
    """They use nothing that is new."""
    patched: list[str]
    """They go by a place in the workflow's code that is patched."""
    special: list[str]
    """They use what the older release does not know."""
    fresh: list[str] = field(default_factory=list)
    """They begin under the newer release."""
    seen: dict[str, list[str]] = field(default_factory=dict)

    @property
    def twenty(self) -> list[str]:
        return [*self.plain, *self.patched]

    @property
    def all(self) -> list[str]:
        return [*self.twenty, *self.special, *self.fresh]

    def lines(self, cycle: str) -> list[str]:
        """The journal as it lies in the file, byte for byte."""
        with closing(sqlite3.connect(self.folder / "kierros.db")) as connection:
            query = "SELECT data FROM journal WHERE cycle = ? ORDER BY position"
            return [row[0] for row in connection.execute(query, (cycle,))]

    def grown(self, cycles: list[str]) -> None:
        """Each of these has decided something since the last look, and nobody's past has changed."""
        now = {cycle: self.lines(cycle) for cycle in {*self.all, *cycles}}
        for cycle, before in self.seen.items():
            assert now[cycle][: len(before)] == before, cycle
        assert not [cycle for cycle in cycles if len(now[cycle]) <= len(self.seen.get(cycle, ()))]
        self.seen = now


def plans(release: Release, ids: list[str], **words: Any) -> list[dict[str, Any]]:
    """A plan for each, with its people. It began 22 days ago: its registration opens once invitations are approved."""
    here, now, found = release.here, datetime.now(UTC), []
    roster = {name.casefold(): Staffer(ref) for name, ref in here.staff.items()}
    paper = here.plan("Theme", **words)
    for cycle in ids:
        file = read_plan(paper)
        listed = read_people(file.people, organisations=file.draft.organisations)
        split = split_plan(file, listed, roster, starter=here.staff[KRISTINA], now=now)
        plan = split.plan.model_copy(update={"id": cycle})
        people = [{**asdict(person), "cycle": cycle} for person in split.people]
        texts = [{"ref": text.ref, "words": text.words, "kind": text.place} for text in split.texts]
        found.append({"plan": plan.model_dump(mode="json"), "people": people, "texts": texts})
    return found


def begin(release: Release, count: int) -> list[str]:
    """Cycles that stand at various steps of their year."""
    here, cycles = release.here, [f"cycle-{number:02}" for number in range(count)]
    release.ask(["enter", plans(release, cycles, capacity=4)])
    opened = [cycle for n, cycle in enumerate(cycles) if n % 5]
    release.ask(["tell", approvals(release, opened, "invitations")])
    for cycle in opened:
        until(lambda c=cycle: here.cycle(c).desk("registration").stage == "open", what="registration opens")
    stopped = [cycle for n, cycle in enumerate(cycles) if n % 5 == 4]
    release.ask(
        ["answer", arrivals(release, [cycle for n, cycle in enumerate(cycles) if n % 5 >= 2], WHO[0])],
        ["tell", notes(release, [cycle for n, cycle in enumerate(cycles) if n % 5 == 3])],
        ["tell", approvals(release, [cycle for n, cycle in enumerate(cycles) if n % 5 >= 3], "visits", OLGA)],
        *(["tell", wishes(release, stopped, kind=kind, reason="n_x")] for kind in ("Suspend", "Resume")),
    )
    return cycles


Wishes = list[tuple[str, dict[str, Any]]]


def approvals(release: Release, cycles: list[str], step: str, who: str = KRISTINA) -> Wishes:
    here, found = release.here, []
    for cycle in cycles:
        prompt = here.prompt(cycle, step=step, within=90)
        found.append(
            (cycle, {"kind": "Approve", "actor": here.staff[who], "prompt": prompt.id, "digest": prompt.digest})
        )
    return found


def wishes(release: Release, cycles: list[str], **wish: Any) -> Wishes:
    return [(cycle, {**wish, "actor": release.here.staff[KRISTINA]}) for cycle in cycles]


def places(release: Release, cycles: list[str], capacity: int) -> Wishes:
    return wishes(release, cycles, kind="SetCapacity", step="registration", capacity=capacity, reason="n_x")


def notes(release: Release, cycles: list[str], **more: Any) -> Wishes:
    return wishes(release, cycles, kind="TakeNote", note="n_x", **more)


def arrivals(release: Release, cycles: list[str], address: str) -> Wishes:
    """An answer to each cycle: somebody registers."""
    found = []
    for cycle in cycles:
        person = release.here.store.by_address(cycle, address)
        assert person is not None
        found.append((cycle, {"kind": "Register", "actor": person.ref, "person": person.ref}))
    return found


def test_twenty_cycles_live_through_an_upgrade_and_back(tmp_path: Path) -> None:
    folder, code = tmp_path / "kierros", newer_release(tmp_path / "newer")
    folder.mkdir()
    with Release(folder) as old:
        cycles = begin(old, 22)
        assert old.ask(["judge", cycles]) == {}
        world = World(folder, cycles[:16], cycles[16:20], cycles[20:])
        world.grown(cycles)
    with Release(folder, code) as new:
        upgraded(new, world)
    with Release(folder) as old:
        taken_back(old, world)
        go_on_meanwhile(old, world)
        replayed(old, world.twenty, tmp_path, by=[old, new])
    with Release(folder, code) as new:
        and_forward_again(new, world)
        replayed(new, world.all, tmp_path, by=[new])


def upgraded(new: Release, world: World) -> None:
    """The newer release decides old cycles by the rules they began under, and writes what the older can read."""
    world.fresh = ["cycle-fresh-1", "cycle-fresh-2"]
    new.ask(
        ["enter", plans(new, world.fresh, capacity=1)],
        ["tell", places(new, world.plain, 2)],
        ["tell", notes(new, world.patched)],
        ["tell", notes(new, world.special, loud=True)],
    )
    half = world.plain[2::5]
    wrong = new.ask(
        ["tell", approvals(new, world.fresh, "invitations")],
        ["answer", [*arrivals(new, half, WHO[1]), *arrivals(new, world.fresh, WHO[0])]],
        ["judge", world.all],
    )
    assert wrong == {}
    world.grown(world.twenty)
    for cycle in half:
        assert '"DelegateRegistered"' in world.seen[cycle][-1], (
            "the last place is given, as in the release it began under"
        )
    for cycle in world.fresh:
        assert any('"DelegateWaitlisted"' in line for line in world.lines(cycle)), "the newer rule holds for new cycles"
    assert all('"v":' not in line for cycle in world.twenty for line in world.seen[cycle])
    assert all('"v":2' in world.seen[cycle][-1] for cycle in world.special)


def taken_back(old: Release, world: World) -> None:
    """What the older release cannot go on with waits and is named; one command sees to those whose history differs."""
    here = old.here
    doctor = here.run("doctor")
    assert doctor.code == 1
    assert f"its form is {FORM}, of a newer Kierros, on which this one ({REVISION}) can work" in doctor.said
    for cycle in world.special:
        position = len(world.seen[cycle])
        assert f"Event {position} of {cycle} needs the rules of version 2" in doctor.said
        refused = here.run("show", cycle)
        assert (refused.code, "needs the rules of version 2" in refused.said) == (1, True)
        assert "needs the rules of version 2" in here.run("recover", cycle).said
    for cycle in world.fresh:
        assert f"{cycle} needs the rules of version 2" in doctor.said
    with_patch = [cycle for cycle in world.patched if not marked_before(world, cycle)]
    assert {one["cycle"] for one in here.do("recover", "--json").data if one["done"]} == set(with_patch)
    assert with_patch
    refused = here.run("backup", str(old.folder / "backup.zip"))
    assert (refused.code, f"form {FORM} of a newer Kierros" in refused.said) == (1, True)
    today = here.do("--json").data
    assert {w["cycle"] for w in today["wrong"] if "newer Kierros" in w["what"]} == {*world.special, *world.fresh}
    assert {line["cycle"] for line in here.do("waiting", "--json").data} >= {world.plain[0], world.patched[0]}


def marked_before(world: World, cycle: str) -> bool:
    """Whether it had a note before the patch: a run that has gone by without a patch goes on without."""
    return sum('"NoteTaken"' in line for line in world.seen[cycle]) > 1


def go_on_meanwhile(old: Release, world: World) -> None:
    """All twenty decide, take answers and write; the others take answers and wait."""
    waiting = [*world.special, *world.fresh]
    open_desks = [cycle for n, cycle in enumerate(world.twenty) if n % 5]
    wrong = old.ask(
        ["tell", places(old, world.twenty, 6)],
        ["answer", [*arrivals(old, open_desks, WHO[2]), *arrivals(old, waiting, WHO[2])]],
        ["judge", world.twenty],
    )
    assert wrong == {}
    world.grown(world.twenty)
    assert all(world.lines(cycle) == world.seen[cycle] for cycle in world.special)

    def all_sent() -> bool:
        letters = [row for cycle in world.twenty for row in old.here.letters(cycle, "place_confirmed")]
        return len(letters) >= len(open_desks) and all(row.state == "sent" for row in letters)

    until(all_sent, within=90, what="letters leave")


def and_forward_again(new: Release, world: World) -> None:
    """Everything goes on, also what has waited."""
    assert new.ask(["tell", places(new, world.all, 7)], ["judge", world.all]) == {}
    world.grown(world.all)
    for cycle in world.fresh:
        ((_, late),) = arrivals(new, [cycle], WHO[2])
        assert any(late["actor"] in line for line in world.seen[cycle]), "what came meanwhile is decided"
    doctor = new.here.spawn("doctor")
    assert doctor.code == 0, doctor.said


def replayed(release: Release, cycles: list[str], folder: Path, *, by: list[Release]) -> None:
    """The histories, as they are now, replay by each of these releases."""
    kept = folder / f"histories-{len(cycles)}"
    kept.mkdir()
    release.ask(["histories", cycles, str(kept)])
    for one in by:
        assert one.ask(["replay", cycles, str(kept)]) == {}
