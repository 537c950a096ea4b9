"""Calling off a handover that was arranged for a later day."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.base import Command
from exchange.handing import HandOver
from portal.deeds import Deed, reason, signed
from portal.forms import Field, Form
from portal.speech import mark
from portal.staff import Case


def _fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say, names = case.words.gettext, case.names
    options = [
        (entry.source, say("%(source)s to %(to)s on %(day)s", source=names.who(entry.source), to=names.who(entry.to),
                           day=names.day(entry.on)))
        for entry in case.state.handovers
    ]  # fmt: skip
    return [Field("source", say("Which handover"), kind="select", options=options), reason(case)]


def _wish(case: Case, form: Form) -> Command:
    return HandOver(**signed(case), source=form.word("source"))


CALL_OFF = Deed(
    "keep-roles", mark("Call off a handover"), mark("What was arranged for a later day does not come to pass."),
    mark("Call it off"), _fields, _wish, fits=lambda case: case.row.open and bool(case.state.handovers),
)  # fmt: skip
