"""The doors of a cycle: the updates by which staff decide, each with the validator that refuses at once.

:class:`workflows.cycle.CycleWorkflow` inherits them. A door needs nothing but the ledger: it decides, and answers when
the record has it.
"""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities import names
    from exchange.adding import AddParagraph
    from exchange.amending import Amend
    from exchange.approval import Approve, Choose, Reject
    from exchange.base import Command, NewerRules, Refusal
    from exchange.booking import RemindHost
    from exchange.cancelling import Cancel
    from exchange.coming import RemindComing
    from exchange.cycle import decide
    from exchange.extending import Extend
    from exchange.feedback import RemindSurvey
    from exchange.handing import HandOver
    from exchange.invitation import RemindInvited
    from exchange.moving import Move
    from exchange.noting import TakeNote
    from exchange.registration import SetCapacity
    from exchange.replacing import ReplaceSpeaker
    from exchange.seminar import RecordAttendance
    from exchange.spending import ChangeShare, Spend
    from exchange.suspending import Resume, Suspend
    from exchange.writing import Write
    from workflows.carry import demand
    from workflows.contract import Accepted
    from workflows.ledger import Ledger, plain


class Doors:
    """What staff decide."""

    ledger: Ledger
    out_of_step = ""
    """Why this run has to end, once it is known that it does not fit its record."""

    @workflow.update(name="approve")
    async def approve(self, command: Approve) -> Accepted:
        return await self._take(command)

    @approve.validator
    def _check_approve(self, command: Approve) -> None:
        self._check(command)

    @workflow.update(name="reject")
    async def reject(self, command: Reject) -> Accepted:
        return await self._take(command)

    @reject.validator
    def _check_reject(self, command: Reject) -> None:
        self._check(command)

    @workflow.update(name="choose")
    async def choose(self, command: Choose) -> Accepted:
        return await self._take(command)

    @choose.validator
    def _check_choose(self, command: Choose) -> None:
        self._check(command)

    @workflow.update(name="move")
    async def move(self, command: Move) -> Accepted:
        return await self._take(command)

    @move.validator
    def _check_move(self, command: Move) -> None:
        self._check(command)

    @workflow.update(name="amend")
    async def amend(self, command: Amend) -> Accepted:
        return await self._take(command)

    @amend.validator
    def _check_amend(self, command: Amend) -> None:
        self._check(command)

    @workflow.update(name="set_capacity")
    async def set_capacity(self, command: SetCapacity) -> Accepted:
        return await self._take(command)

    @set_capacity.validator
    def _check_set_capacity(self, command: SetCapacity) -> None:
        self._check(command)

    @workflow.update(name="record_attendance")
    async def record_attendance(self, command: RecordAttendance) -> Accepted:
        return await self._take(command)

    @record_attendance.validator
    def _check_record_attendance(self, command: RecordAttendance) -> None:
        self._check(command)

    @workflow.update(name="remind_invited")
    async def remind_invited(self, command: RemindInvited) -> Accepted:
        return await self._take(command)

    @remind_invited.validator
    def _check_remind_invited(self, command: RemindInvited) -> None:
        self._check(command)

    @workflow.update(name="remind_survey")
    async def remind_survey(self, command: RemindSurvey) -> Accepted:
        return await self._take(command)

    @remind_survey.validator
    def _check_remind_survey(self, command: RemindSurvey) -> None:
        self._check(command)

    @workflow.update(name="remind_host")
    async def remind_host(self, command: RemindHost) -> Accepted:
        return await self._take(command)

    @remind_host.validator
    def _check_remind_host(self, command: RemindHost) -> None:
        self._check(command)

    @workflow.update(name="remind_coming")
    async def remind_coming(self, command: RemindComing) -> Accepted:
        return await self._take(command)

    @remind_coming.validator
    def _check_remind_coming(self, command: RemindComing) -> None:
        self._check(command)

    @workflow.update(name="suspend")
    async def suspend(self, command: Suspend) -> Accepted:
        return await self._take(command)

    @suspend.validator
    def _check_suspend(self, command: Suspend) -> None:
        self._check(command)

    @workflow.update(name="resume")
    async def resume(self, command: Resume) -> Accepted:
        return await self._take(command)

    @resume.validator
    def _check_resume(self, command: Resume) -> None:
        self._check(command)

    @workflow.update(name="cancel")
    async def cancel(self, command: Cancel) -> Accepted:
        return await self._take(command)

    @cancel.validator
    def _check_cancel(self, command: Cancel) -> None:
        self._check(command)

    @workflow.update(name="note")
    async def note(self, command: TakeNote) -> Accepted:
        return await self._take(command)

    @note.validator
    def _check_note(self, command: TakeNote) -> None:
        self._check(command)

    @workflow.update(name="spend")
    async def spend(self, command: Spend) -> Accepted:
        return await self._take(command)

    @spend.validator
    def _check_spend(self, command: Spend) -> None:
        self._check(command)

    @workflow.update(name="change_share")
    async def change_share(self, command: ChangeShare) -> Accepted:
        return await self._take(command)

    @change_share.validator
    def _check_change_share(self, command: ChangeShare) -> None:
        self._check(command)

    @workflow.update(name="hand_over")
    async def hand_over(self, command: HandOver) -> Accepted:
        return await self._take(command)

    @hand_over.validator
    def _check_hand_over(self, command: HandOver) -> None:
        self._check(command)

    @workflow.update(name="add_paragraph")
    async def add_paragraph(self, command: AddParagraph) -> Accepted:
        return await self._take(command)

    @add_paragraph.validator
    def _check_add_paragraph(self, command: AddParagraph) -> None:
        self._check(command)

    @workflow.update(name="replace_speaker")
    async def replace_speaker(self, command: ReplaceSpeaker) -> Accepted:
        return await self._take(command)

    @replace_speaker.validator
    def _check_replace_speaker(self, command: ReplaceSpeaker) -> None:
        self._check(command)

    @workflow.update(name="write")
    async def write(self, command: Write) -> Accepted:
        return await self._take(command)

    @write.validator
    def _check_write(self, command: Write) -> None:
        self._check(command)

    @workflow.update(name="extend")
    async def extend(self, command: Extend) -> Accepted:
        return await self._take(command)

    @extend.validator
    def _check_extend(self, command: Extend) -> None:
        self._check(command)

    # -- how a decision is taken -------------------------------------------------------------------------------------

    def _check(self, command: Command) -> None:
        """Refuses at once, by name, and leaves no trace in the history."""
        self._in_step()
        try:
            self._demand(command)
        except NewerRules as newer:
            raise ApplicationError(str(newer), type="NewerRules", non_retryable=True) from None
        if self._already() is None:
            with refusals():
                decide(self.ledger.cycle, self._dated(command))

    async def _take(self, command: Command) -> Accepted:
        """Decides, and answers when the record has it."""
        self._demand(command)
        self.ledger.needs = max(self.ledger.needs, command.needs)
        if (before := self._already()) is not None:
            await self._recorded(before)
            return Accepted(position=before)
        with refusals():
            events = self.ledger.decide(self._dated(command))
        position = self.ledger.cycle.position
        self.ledger.remember(self._update_id())
        await self._recorded(position)
        return Accepted(position=position, events=tuple(type(event).__name__ for event in events))

    def _demand(self, command: Command) -> None:
        """Refuses what a newer release knows and this one does not.

        One that such a release has taken stands in the history: then the workflow task fails until that one is back.
        """
        demand(f"What {self.ledger.cycle.plan.id} has decided ({type(command).__name__})", command.needs)

    async def _recorded(self, position: int) -> None:
        await workflow.wait_condition(lambda: self.ledger.recorded >= position or bool(self.out_of_step))
        if self.ledger.recorded < position:
            self._in_step()

    def _in_step(self) -> None:
        if self.out_of_step:
            raise ApplicationError(self.out_of_step, type=names.OUT_OF_STEP, non_retryable=True)

    def _already(self) -> int | None:
        return self.ledger.taken.get(self._update_id())

    def _update_id(self) -> str:
        info = workflow.current_update_info()
        return info.id if info else ""

    def _dated(self, command: Command) -> Command:
        return command.model_copy(update={"at": workflow.now(), "cause": self._update_id()})


class refusals:  # noqa: N801 - reads as a word: `with refusals():`
    """Turns a rule's no, and a rule that fails, into the one error an update may end with."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Refusal):
            raise ApplicationError(str(error), plain(error.facts), type=error.name, non_retryable=True) from None
        if isinstance(error, Exception):
            raise ApplicationError(
                f"A rule failed: {type(error).__name__}.", type="Defect", non_retryable=True
            ) from None
