"""A year in which an approval comes too late goes on, because a date is moved as the refusal says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.prompt import Prompt
from tests.engine.installation import ANNA, BO, CECILIA, Installation, installed, until
from tests.engine.year import Year

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(300)]
LATE = "introductory-seminar"


@dataclass
class Dawdling(Year):
    """Nobody looks at one programme before its seminar has begun."""

    def decide(self, prompt: Prompt) -> None:
        begins = self.here.cycle(self.cycle).plan.step(LATE).begins.at
        if prompt.step != LATE or begins < datetime.now(UTC) or self.put_off:
            super().decide(prompt)


def dawdling(here: Installation) -> Dawdling:
    plan = here.plan("Too late", days_ago=0, capacity=2)
    asked = "    approval: {role: coordinator, within: 5 days}\n    announce:"
    plan.write_text(plan.read_text("utf-8").replace("    announce:", asked, 1), "utf-8")
    cycle = here.start(plan, "--finish-within", "60")
    return Dawdling(here, cycle, [ANNA, BO, CECILIA], plan, done={"feedback", "late"})


def test_a_programme_that_waited_too_long_is_put_off_with_what_follows_and_held(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        year = dawdling(here)

        def held() -> bool:
            state = here.cycle(year.cycle)
            year.turn(state)
            return state.gathering(LATE).stage == "held"

        until(held, within=150, what=year.where(here.cycle(year.cycle)))
        assert (set(year.put_off), year.trouble) == ({LATE}, "")
        names = here.names(year.cycle)
        assert {"DateMoved", "VisitMoved"} <= set(names), "the visits that follow moved along"
        assert here.cycle(year.cycle).approving(LATE).revision > 1
        assert sum(prompt.startswith(f"approve-{LATE}") for prompt in year.decided) == 1
        assert names.count("SeminarHeld") == 1
