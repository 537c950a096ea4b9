from __future__ import annotations

from exchange.reporting import ReportFiled
from store.store import Store
from tests.store.builders import NOON, after, record, started


def filed(revision: int, digest: str) -> ReportFiled:
    return ReportFiled(at=after(days=1), actor="s_1", step="report", revision=revision, digest=digest)


def test_a_report_is_drawn_up_filed_and_found(store: Store):
    cycle = started(store)
    assert store.report(cycle) is None
    digest = store.save_report(cycle, "report", 1, "<p>Åbo</p>", {"registered": 12}, NOON)
    drawn = store.report(cycle)
    assert drawn is not None
    assert (drawn.html, drawn.data, drawn.digest, drawn.filed_at) == ("<p>Åbo</p>", {"registered": 12}, digest, None)
    store.keep(record(cycle, [filed(1, digest)]), NOON)
    found = store.report(cycle, "report")
    assert found is not None
    assert found.filed_at == after(days=1)
    assert store.report(cycle, "another") is None


def test_the_digest_tells_reports_apart(store: Store):
    cycle = started(store)
    first = store.save_report(cycle, "report", 1, "<p>1</p>", {"n": 1}, NOON)
    assert store.save_report(cycle, "report", 1, "<p>1</p>", {"n": 1}, after(hours=1)) == first
    assert store.save_report(cycle, "report", 1, "<p>2</p>", {"n": 1}, NOON) != first
    assert store.save_report(cycle, "report", 1, "<p>1</p>", {"n": 2}, NOON) != first


def test_a_filed_report_stays_as_it_is_and_goes_before_a_newer_draft(store: Store):
    cycle = started(store)
    digest = store.save_report(cycle, "report", 1, "<p>1</p>", {}, NOON)
    store.keep(record(cycle, [filed(1, digest)]), NOON)
    assert store.save_report(cycle, "report", 1, "<p>2</p>", {}, NOON) == digest
    store.save_report(cycle, "report", 2, "<p>2</p>", {}, after(days=2))
    found = store.report(cycle)
    assert found is not None
    assert (found.revision, found.html) == (1, "<p>1</p>")


def test_a_report_that_is_not_the_approved_one_is_not_filed_and_staff_can_see_it(store: Store):
    cycle = started(store)
    digest = store.save_report(cycle, "report", 1, "<p>1</p>", {"n": 1.5}, NOON)
    store.save_report(cycle, "report", 1, "<p>changed</p>", {"n": 1.5}, NOON)
    assert store.unfiled() == []
    store.keep(record(cycle, [filed(1, digest)]), NOON)
    found = store.report(cycle)
    assert found is not None
    assert found.filed_at is None
    assert store.unfiled() == [(cycle, "report")]


def test_a_draft_beside_a_filed_report_needs_no_hand(store: Store):
    cycle = started(store)
    digest = store.save_report(cycle, "report", 1, "<p>1</p>", {"n": 1.5}, NOON)
    store.keep(record(cycle, [filed(1, digest)]), NOON)
    store.save_report(cycle, "report", 2, "<p>2</p>", {}, NOON)
    assert store.unfiled() == []
