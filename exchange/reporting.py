"""The report: drawn up when everything before it is settled, approved, filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.base import Event

if TYPE_CHECKING:
    from exchange.approval import StepApproved
    from exchange.plan import Report
    from exchange.state import Cycle


class ReportFiled(Event):
    """The report is what its digest says, and stands."""

    step: str
    revision: int
    digest: str = ""


def released(event: StepApproved, step: Report) -> list[Event]:
    return [ReportFiled(**event.said, step=step.id, revision=event.revision, digest=event.digest)]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    assert isinstance(event, ReportFiled)
    return cycle.put(filed=(*cycle.filed, event.step))
