"""The terminal in a process of its own, or in this one with the rules in the place of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.main import run
from cli.terminal import Terminal
from tests.cli.world import KRISTINA, Ran, World

Desk = Callable[..., Ran]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """`kierros` in this process, with an engine that decides at once. ``types`` is what somebody types."""
    monkeypatch.setenv("KIERROS_DATA", str(world.folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("cli.engine.tell_all", world.tell_all)
    monkeypatch.setattr("cli.engine.begin", lambda _plan: True)
    monkeypatch.setattr("cli.posting.waited_for", lambda cycle, _number: world.pass_time(cycle) is None)

    def call(*words: str, staff: str = KRISTINA, types: list[str] | None = None) -> Ran:
        monkeypatch.setenv("KIERROS_STAFF", staff)
        world.sign_in()
        asked: list[str] = []

        def ask(_self: Terminal, question: str, _instead: str) -> str:
            asked.append(question)
            return types.pop(0) if types else ""

        if types is not None:
            monkeypatch.setattr(Terminal, "ask", ask)
        capsys.readouterr()
        code = run(list(words))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err + "".join(asked))

    return call
