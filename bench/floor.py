"""The floor: what a cycle's year costs anybody on this engine, written down as plainly as it can be.

The same activities, local activities, updates, signals and timers as in a cycle of ours that is played in bursts, in
the same order and with as many bytes in each, and nothing decided: what is above it is the price of rules, ledger,
board and search attributes.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from bench.papers import Decision, Sizes, Task, Told

A_MINUTE = timedelta(minutes=1)
SOON = timedelta(seconds=5)
A_WEEK = timedelta(days=7)
NOTE = "look_and_note"
HOSTS = ("helsinki", "malmo", "aarhus")


@workflow.defn(name="EmptyWorkflow")
class EmptyWorkflow:
    """Answers updates and does nothing."""

    def __init__(self) -> None:
        self._over = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._over)

    @workflow.update(name="poke")
    async def poke(self) -> None:
        """Nothing follows from it."""

    @workflow.signal(name="end")
    def end(self) -> None:
        self._over = True


@workflow.defn(name="FloorWorkflow")
class FloorWorkflow:
    """A year without rules."""

    @workflow.init
    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._calls: dict[str, int] = {}
        self._open: set[str] = set()
        self._approved: set[str] = set()
        self._recorded: set[str] = set()
        self._post = False
        self._reminder: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, _sizes: Sizes) -> str:
        await self._gather()
        await self._set_out()
        await self._come_home()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "finished"

    @workflow.update(name="approve")
    async def approve(self, decision: Decision) -> Told:
        self._approved.add(decision.prompt)
        await workflow.wait_condition(lambda: decision.prompt in self._recorded)
        return Told(filler="x" * 60)

    @approve.validator
    def _check(self, decision: Decision) -> None:
        if decision.prompt not in self._open:
            raise ApplicationError("Nothing of that name waits.", type="NothingWaits", non_retryable=True)

    @workflow.signal(name="post")
    def post(self) -> None:
        self._post = True

    async def _gather(self) -> None:
        """An application and requests lie ready; twenty register; the application is filed, and the desk closes."""
        await self._note("DeskOpened")
        await self._ask("draw_up_report", "approve-application-1")
        await self._ask("prepare_letters", "approve-visits-1")
        self._remind()
        await self._fetch()
        await self._do("collect_registrations", *(f"DelegateRegistered:p_{i:012d}" for i in range(1, 21)))
        await self._decided("file_report", "approve-application-1", "ReportFiled")
        await self._do("collect_registrations", "DeskClosed")

    async def _set_out(self) -> None:
        """Both seminars lie ready, the first is held; hosts are asked, one declines, all are visited."""
        await self._ask("prepare_letters", "approve-final-seminar-1")
        await self._do("prepare_letters")
        await self._do("hold_seminar", "SeminarAnnounced")
        await self._note("SeminarHeld:introductory-seminar")
        self._remind()
        await self._decided("book_visits", "approve-visits-1", *(f"HostAsked:{host}" for host in HOSTS))
        self._remind()
        await self._fetch()
        await self._do("book_visits", "VisitDeclined", "HostAsked:espoo", *["VisitConfirmed"] * 2)
        await self._do("book_visits", "VisitConfirmed")
        await self._note(*(f"VisitHeld:{host}" for host in ("espoo", *HOSTS[1:])))

    async def _come_home(self) -> None:
        """The final seminar, the survey, the report."""
        await self._decided("hold_seminar", "approve-final-seminar-1", "SeminarAnnounced")
        await self._do("hold_seminar", "SeminarHeld:final-seminar", "SurveyOpened:feedback")
        await self._do("gather_feedback", *["FeedbackGiven"] * 20)
        await self._do("gather_feedback", "SurveyClosed")
        await self._ask("draw_up_report", "approve-report-1")
        self._remind()
        await self._decided("file_report", "approve-report-1", "ReportFiled", "CycleFinished")

    async def _do(self, name: str, *words: str) -> None:
        """One activity, as large as ours of that name and number."""
        number = self._calls.get(name, 0)
        self._calls[name] = number + 1
        there, back = (sizes.get(name, []) for sizes in (self._sizes.there, self._sizes.back))
        filler = "x" * max(0, (there[number] if number < len(there) else 0) - 20 * len(words) - 80)
        task = Task(cycle=workflow.info().workflow_id, words=words, filler=filler)
        task.back = back[number] if number < len(back) else 0
        await workflow.execute_activity(
            name, task, result_type=Told, start_to_close_timeout=A_MINUTE, summary=", ".join(words[:4])
        )

    async def _note(self, *words: str) -> None:
        number = self._calls.get(NOTE, 0)
        self._calls[NOTE] = number + 1
        back = self._sizes.back.get(NOTE, [])
        task = Task(cycle=workflow.info().workflow_id, words=words, filler="x" * self._sizes.note)
        task.back = back[number] if number < len(back) else 0
        await workflow.execute_local_activity(
            NOTE, task, result_type=Told, schedule_to_close_timeout=SOON, summary=", ".join(words[:4])
        )

    async def _fetch(self) -> None:
        """Word that post has come, and a look for it."""
        await workflow.wait_condition(lambda: self._post)
        self._post = False
        await self._note()

    async def _ask(self, name: str, prompt: str) -> None:
        await self._do(name)
        self._open.add(prompt)
        await self._note(f"PromptOpened:{prompt}")

    async def _decided(self, name: str, prompt: str, *words: str) -> None:
        await workflow.wait_condition(lambda: prompt in self._approved)
        await self._do(name, *words)
        self._recorded.add(prompt)

    def _remind(self) -> None:
        """A timer for what waits; the one before it is overtaken."""
        if self._reminder:
            self._reminder.cancel()
        self._reminder = asyncio.create_task(workflow.sleep(A_WEEK, summary="until RemindPrompt"))
