"""No engine for weeks: what time asked for meanwhile is decided on the return, and its letters wait for staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.workflows.conftest import Enter
from tests.workflows.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFF = timedelta(days=12)
"""The invitations were to leave on the first day, and nobody has to approve them; the desk has opened since."""


async def back(stages: Enter, *, absent: bool) -> Stage:
    """Twelve days late, on the plan's own account; ``absent``: because nothing ran."""
    stage = await stages(served=False, ago=OFF, practice=False, unapproved=("invitations",))
    now = await stage.now()
    # the engine's clock is put on, the record's is the machine's: the absence is noted as the engine has it
    gone = [(now - OFF - timedelta(hours=1)).isoformat(), now.isoformat()]
    noted = {"at": datetime.now(UTC).isoformat(), **({"gone": gone} if absent else {})}
    stage.store.put_setting("awake", noted, "")
    await stage.serve()
    await stage.wait(lambda cycle: cycle.guests("invitations").stage == "sent", days=1)
    return stage


async def test_what_nobody_has_seen_waits_for_staff_after_an_absence(stages: Enter) -> None:
    stage = await back(stages, absent=True)
    rows = stage.store.letters(stage.plan.id, kind="invitation")
    prepare = stage.plan.steps[0].prepare.at  # type: ignore[union-attr]
    assert {(row.state, row.not_before) for row in rows} == {("overdue", prepare)}
    assert sorted(row.to_ref for row in rows) == sorted(stage.invited())
    (late,) = stage.store.overdue()
    assert (late.cycle, late.count, late.since) == (stage.plan.id, len(rows), prepare)


async def test_what_is_late_though_the_post_office_was_there_leaves(stages: Enter) -> None:
    stage = await back(stages, absent=False)
    assert {row.state for row in stage.store.letters(stage.plan.id, kind="invitation")} == {"queued"}
    assert stage.store.overdue() == []
