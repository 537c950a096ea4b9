"""Whatever is asked of the portal, it answers in order: nothing breaks, nobody sees or changes what is another's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.portal.doors.fuzzing import fuzz
from tests.portal.doors.town import Town, a_town

EACH = 3_500
"""Requests in each of the six parts of the long run; each has a town of its own, for some requests end a cycle."""


def reached(seen: Counter[str]) -> None:
    """The requests came far enough to prove something."""
    most = seen.total()
    floors = {"GET 200": 0.05, "POST 200": 0.01, "POST 303": 0.01, "POST 422": 0.01, "POST 403": 0.02, "GET 410": 0.001}
    few = {name: seen[name] for name, share in floors.items() if seen[name] < share * most}
    assert not few, f"too seldom reached: {few} of {most}; {seen}"


def test_whatever_is_asked_the_portal_answers_in_order(town: Town, seed: int, capfd: pytest.CaptureFixture[str]):
    seen = fuzz(town, seed, 350, lambda: "".join(capfd.readouterr()))

    assert seen.total() >= 350


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(6))
def test_twenty_thousand_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, part: int, capfd: pytest.CaptureFixture[str]
):
    town = a_town(tmp_path, monkeypatch)

    seen = fuzz(town, seed * 10 + part, EACH, lambda: "".join(capfd.readouterr()))

    town.close()
    assert seen.total() >= 3_400
    reached(seen)
