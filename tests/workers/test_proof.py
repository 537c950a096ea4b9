"""No way into a workflow leads past the proof: the SDK asks for one only where an update has a validator."""

from __future__ import annotations

import pytest
from temporalio import workflow

from exchange.base import Command
from workflows import contract
from workflows.caretaker import CaretakerWorkflow
from workflows.cycle import CycleWorkflow
from workflows.post_office import PostOfficeWorkflow

ALL = (CycleWorkflow, PostOfficeWorkflow, CaretakerWorkflow)


@pytest.mark.parametrize("each", ALL)
def test_every_update_has_a_validator_and_takes_one_command(each: type) -> None:
    known = workflow._Definition.must_from_class(each)
    for name, update in known.updates.items():
        assert name is not None, "one for every name would take what nobody has thought of"
        assert update.validator is not None, f"{name} would be decided without a proof"
        assert update.arg_types is not None
        (wanted,) = update.arg_types
        assert issubclass(wanted, Command)


@pytest.mark.parametrize("each", ALL)
def test_a_signal_says_only_that_something_is_to_be_fetched(each: type) -> None:
    assert set(workflow._Definition.must_from_class(each).signals) <= {contract.POST}


def test_doors_know_every_update() -> None:
    assert set(contract.UPDATE_OF.values()) == set(workflow._Definition.must_from_class(CycleWorkflow).updates)
