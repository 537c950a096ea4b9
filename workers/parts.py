"""The workers, as lists of parts: one for cycles, one for letters, so that slow mail never delays a registration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.delivering import PostOffice
from activities.preparing import Scribe
from activities.recording import Clerk
from activities.reporting import Reporter
from activities.retaining import Caretaker
from runtime.settings import Settings
from store.store import Store
from workers.proof import ProofInterceptor, TurnedAway
from workers.sandbox import runner
from workers.signing import proof_key
from workflows.caretaker import CaretakerWorkflow
from workflows.cycle import CycleWorkflow
from workflows.post_office import PostOfficeWorkflow

CACHED = 300
"""Cycles that a worker keeps at hand. Each takes a quarter of a megabyte; another is read again when its turn comes (a
seventh of a second), which for most is a few times a month."""


def cycles_worker(client: Client, settings: Settings, store: Store, turned: TurnedAway, **options: object) -> Worker:
    """Decides and records. What came without proof is turned away, and put where it is written down from."""
    key = proof_key(settings)
    clerk, scribe, reporter = Clerk(store, key), Scribe(store, settings), Reporter(store, settings)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[CycleWorkflow, PostOfficeWorkflow, CaretakerWorkflow],
        activities=[
            clerk.send_invitations,
            clerk.collect_registrations,
            clerk.hold_seminar,
            clerk.book_visits,
            clerk.gather_feedback,
            clerk.file_report,
            clerk.close_cycle,
            clerk.look_and_note,
            scribe.prepare_letters,
            reporter.draw_up_report,
            Caretaker(store).keep_in_time,
        ],
        activity_executor=ThreadPoolExecutor(8, thread_name_prefix="record"),
        max_concurrent_activities=8,
        workflow_runner=runner(),
        max_cached_workflows=CACHED,
        interceptors=[ProofInterceptor(key, turned)],
        sticky_queue_schedule_to_start_timeout=timedelta(
            seconds=1
        ),  # after a kill the next decision waits 1.5 s, not 10
        graceful_shutdown_timeout=timedelta(seconds=5),
        **options,  # type: ignore[arg-type]  # the SDK's own options, for tests
    )


def letters_worker(client: Client, settings: Settings, store: Store) -> Worker:
    """Sends letters, one round at a time."""
    office = PostOffice(store, settings)
    return Worker(
        client,
        task_queue=settings.letters_queue,
        activities=[office.deliver_letters],
        max_concurrent_activities=1,
        graceful_shutdown_timeout=timedelta(seconds=5),
    )
