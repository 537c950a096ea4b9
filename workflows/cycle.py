"""One cycle of exchange, from plan to report.

It waits: for the date of what time asks next, for a decision of staff (updates), for word that post has come (signal
``post``). It ends when every step is settled or staff cancel it. It survives the loss of worker, server and mail
server, and continues as new between two recordings; all it knows is in its ledger, none of it in a coroutine's locals.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as TimedOut

with workflow.unsafe.imports_passed_through():
    from activities import names
    from exchange.base import Event, NewerRules
    from exchange.correspondence import drafts_report, held
    from exchange.record import Post, Preparation, Ready, Record, Whereabouts
    from workflows import carry, contract
    from workflows.board import at_a_glance, board
    from workflows.chores import begun, chore, quiet, summary
    from workflows.contract import CycleStart
    from workflows.doors import Doors

PATIENT = RetryPolicy(initial_interval=timedelta(seconds=0.5), maximum_interval=timedelta(seconds=15))
"""The record must be kept, however long the store is away: no last attempt."""
A_MINUTE = timedelta(minutes=1)
BRISK = timedelta(seconds=10)
"""One recording takes milliseconds. This is how long the cycle waits for a worker that was killed over it, before
another does it again; a recording that took longer after all is found done by the next try."""
BEAT = timedelta(seconds=15)
"""Letters are made ready one by one, with a sign of life after each: so soon a killed worker's work is begun again."""
SOON = timedelta(seconds=5)
"""A quiet recording that takes longer goes the patient way: it would hold up the workflow task."""
LONG_ENOUGH = timedelta(minutes=15)
"""For so long letters that cannot be made ready are tried again before staff are told."""
LONG = 1_200
"""Events after which a run hands over to the next: replay stays far under the workflow task's budget."""
AT_ONCE = 200
"""Unrecorded events after which the record is visited before more is decided, however much is due: a workflow task and
a recording stay short where thousands of offers end at one instant."""

CANCEL_PRESSED = "CancelPressedInTemporal"
"""How the journal calls a Cancel that came by Temporal itself instead of `kierros cancel`."""


@workflow.defn(name=contract.CYCLE)
class CycleWorkflow(Doors):
    """The year of one cycle."""

    @workflow.init
    def __init__(self, start: CycleStart) -> None:
        self._newer: NewerRules | None = None
        try:
            self.ledger = carry.open_ledger(start)
        except NewerRules as newer:
            self._newer = newer
        self._post = start.post
        self._somebody_gone = False
        self._post_seen_at: datetime | None = None
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None
        self._draft: asyncio.Task[None] | None = None
        self._shown: tuple[object, ...] = ()

    @workflow.run
    async def run(self, _start: CycleStart) -> str:
        if self._newer is not None:
            raise self._newer  # the task fails, and is tried again until a release is there that knows how to go on
        year = asyncio.create_task(self._year())
        while True:
            try:
                return await asyncio.shield(year)
            except asyncio.CancelledError:
                if year.done() or workflow.cancellation_reason() is None:
                    raise  # not pressed by anybody: the run is evicted from its worker
                self._note_cancel()

    async def _year(self) -> str:
        while (step := self.ledger.cycle.current) and not self._over():  # the plan may be amended meanwhile
            await self._until(partial(self._behind, step))
        await self._until(lambda: self._over() and not self.ledger.unrecorded and not self._post)
        await self._finish_handlers()
        self._show()
        return self.ledger.cycle.phase

    # -- what comes and what is asked --------------------------------------------------------------------------------

    @workflow.signal(name=contract.POST)
    def post(self, note: object = None) -> None:
        """Word that the inbox holds new rows, or that the record has erased somebody (``gone``).

        Both are fetched from there: a signal can be sent by anybody.
        """
        if note == contract.GONE:
            self._somebody_gone = True
        else:
            self._post = True

    @workflow.query(name=contract.BOARD)
    def board(self) -> str:
        return board(self.ledger.cycle)

    @workflow.query(name=contract.STATE)
    def state(self) -> dict[str, object]:
        return carry.pack(self.ledger)

    @workflow.query(name=contract.WHEREABOUTS)
    def whereabouts(self) -> Whereabouts:
        return self.ledger.whereabouts()

    # -- how it waits ------------------------------------------------------------------------------------------------

    def _note_cancel(self) -> None:
        """Cancel was pressed in Temporal's UI, where nobody says who and why: staff are told, and the year goes on."""
        self.ledger.park(workflow.now(), CANCEL_PRESSED)

    def _behind(self, step: str) -> bool:
        return self._over() or self.ledger.cycle.current != step

    def _over(self) -> bool:
        return self.ledger.cycle.over

    async def _until(self, reached: Callable[[], bool]) -> None:
        """The one place that waits."""
        while not reached():
            if workflow.info().get_current_history_length() > LONG or workflow.info().is_continue_as_new_suggested():
                await self._continue()
            if self._to_prepare() and (not self.ledger.unrecorded or begun(self.ledger.unrecorded_events)):
                self._draft = asyncio.create_task(self._prepare(self.ledger.preparing()))
            elif self._to_record() or self._post_is_wanted() or not self._decide_due():
                await self._record()
            elif self._quiet() and not reached():
                self._show()
                await self._wait()

    def _post_is_wanted(self) -> bool:
        """Whether the record is to be asked. While the cycle is suspended its answers stay there, undecided."""
        return self._somebody_gone or (self._post and self.ledger.cycle.standstill is None)

    def _drafting(self) -> bool:
        return self._draft is not None and not self._draft.done()

    def _to_prepare(self) -> bool:
        """Whether letters (or the report) are to be made ready, and nobody is at it. The year goes on meanwhile."""
        return bool(self.ledger.preparing()) and not self._drafting()

    def _to_record(self) -> bool:
        """Whether something waits for the record; a preparation's beginning may wait for what comes of it."""
        waits_for_draft = (
            self._drafting() and begun(self.ledger.unrecorded_events) and not self.ledger.unrecorded_outcomes
        )
        return self.ledger.unrecorded and not waits_for_draft

    def _quiet(self) -> bool:
        """Whether all is recorded; deciding what is due may have changed that."""
        return not self._to_record() and not self._to_prepare()

    def _decide_due(self) -> bool:
        """Decides what is due, or as much of it as goes into one recording.

        False where a deadline has passed whose post must be collected first.
        """
        now = workflow.now()
        while len(self.ledger.unrecorded_events) < AT_ONCE and (entries := self.ledger.due()) and entries[0].at <= now:
            ready = [e for e in entries if e.at <= now and not (e.after_post and not self._collected(e.at))]
            if not ready or ready[0] is not entries[0]:
                return False
            self.ledger.time(ready[0], now)
        return True

    def _collected(self, until: datetime) -> bool:
        return self._post_seen_at is not None and self._post_seen_at >= until

    async def _wait(self) -> None:
        """Until the earliest due, an update's events, or post. A timer is kept while its due stands."""
        entries = self.ledger.due()
        at = entries[0].at if entries else None
        if self._alarm and (self._alarm[0] != at or self._alarm[1].done()):
            self._alarm[1].cancel()
            self._alarm = None
        if at is not None and self._alarm is None:
            about = f"until {type(entries[0].command).__name__}"
            self._alarm = (at, asyncio.create_task(self._sleep(at, about)))
        alarm = self._alarm[1] if self._alarm else None
        await workflow.wait_condition(
            lambda: self._to_record() or self._to_prepare() or self._post_is_wanted() or bool(alarm and alarm.done())
        )

    async def _sleep(self, at: datetime, about: str) -> None:
        await workflow.sleep(max(at - workflow.now(), timedelta(milliseconds=1)), summary=about)

    # -- what it has done --------------------------------------------------------------------------------------------

    async def _record(self, *, collect: bool = True) -> None:
        """One visit to the record: what was decided is kept with its letters, the next rows come back."""
        collect = collect and self.ledger.cycle.standstill is None
        record = self.ledger.record(collect=collect)
        events = self.ledger.unrecorded_events[: len(record.events)]
        since, self._post, self._somebody_gone = workflow.now(), False, False
        try:
            post = await self._keep(record, events)
        except ActivityError as error:
            await self._stop(error)
        self.ledger.was_recorded(record)
        if collect and not post.more and self.ledger.cycle.standstill is None:
            self._post_seen_at = since
        self.ledger.forget(post.gone, workflow.now())
        self.ledger.take(post.rows, workflow.now())
        self._post = self._post or post.more

    async def _keep(self, record: Record, events: Sequence[Event]) -> Post:
        if quiet(events):
            # an attempt that took too long is told by another exception on replay than when it happened
            with contextlib.suppress(ActivityError, TimedOut):
                noted: Post = await workflow.execute_local_activity(
                    names.LOOK_AND_NOTE,
                    record,
                    result_type=Post,
                    schedule_to_close_timeout=SOON,
                    retry_policy=RetryPolicy(maximum_attempts=2),
                    summary=summary(events),
                )
                return noted
        kept: Post = await workflow.execute_activity(
            chore(self.ledger.cycle, events),
            record,
            result_type=Post,
            start_to_close_timeout=BRISK,
            retry_policy=PATIENT,
            summary=summary(events),
        )
        return kept

    async def _stop(self, error: ActivityError) -> NoReturn:
        """This run does not fit its record (a reset, a restored backup): it ends, and writes nothing more.

        Whoever waits for a decision is told that it was not kept. `kierros recover` goes on from the record.
        """
        if not isinstance(error.cause, ApplicationError) or error.cause.type != names.OUT_OF_STEP:
            raise error
        self.out_of_step = error.cause.message
        await workflow.wait_condition(workflow.all_handlers_finished)
        raise ApplicationError(self.out_of_step, type=names.OUT_OF_STEP, non_retryable=True)

    async def _prepare(self, step: str) -> None:
        """The step's letters are rendered and held (or its report drawn up), and lie ready for approval.

        Runs beside the loop, so that decisions and answers are taken meanwhile; what cannot be made ready for long is
        told to staff, and tried again.
        """
        cycle = self.ledger.cycle
        revision, report = cycle.approving(step).revision, drafts_report(cycle, step)
        try:
            ready: Ready = await workflow.execute_activity(
                names.DRAW_UP_REPORT if report else names.PREPARE_LETTERS,
                Preparation(cycle=cycle.plan.id, step=step, revision=revision, mails=tuple(held(cycle, step))),
                result_type=Ready,
                start_to_close_timeout=A_MINUTE if report else 5 * A_MINUTE,
                heartbeat_timeout=None if report else BEAT,
                schedule_to_close_timeout=LONG_ENOUGH,
                retry_policy=PATIENT,
                summary=step,
            )
        except ActivityError as error:
            self.ledger.park(workflow.now(), type(error.cause or error).__name__)
            return
        self.ledger.prepared(step, revision, ready, workflow.now())

    async def _continue(self) -> None:
        """Hands over to a new run, between two recordings."""
        if self._draft is not None:
            self._draft.cancel()  # the next run begins it again
        await self._record(collect=False)
        await self._finish_handlers()
        workflow.continue_as_new(CycleStart(carried=carry.pack(self.ledger), post=self._post))

    async def _finish_handlers(self) -> None:
        """Until every decision taken is recorded and answered: a run must not end under a handler's feet."""
        while self.ledger.unrecorded or not workflow.all_handlers_finished():
            if self.ledger.unrecorded:
                await self._record(collect=False)
            await workflow.wait_condition(lambda: self.ledger.unrecorded or workflow.all_handlers_finished())

    def _show(self) -> None:
        """The board and the search attributes, where they have changed."""
        cycle = self.ledger.cycle
        workflow.set_current_details(board(cycle))
        step, roles, since, registered = at_a_glance(cycle)
        if (step, tuple(roles), registered) == self._shown:
            return
        self._shown = (step, tuple(roles), registered)
        whose = SearchAttributeKey.for_keyword_list("AwaitingApproval")
        when = SearchAttributeKey.for_datetime("AwaitingSince")
        workflow.upsert_search_attributes([
            SearchAttributeKey.for_keyword("CycleStep").value_set(step),
            SearchAttributeKey.for_int("Registered").value_set(registered),
            whose.value_set(roles) if roles else whose.value_unset(),
            when.value_set(since) if since else when.value_unset(),
        ])  # fmt: skip
