"""Whatever went wrong, as a sentence and an exit code: 1 refused, 2 misused, 3 out of reach."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import typer

from cli.faults import Fault

REFUSED, MISUSED, UNREACHABLE = 1, 2, 3


def explained(error: Exception) -> tuple[str, int]:
    """The sentence for people, with names in it, and the code for programs."""
    sentence, code = _explained(error)
    return _spelled(sentence), code


def _spelled(sentence: str) -> str:
    from cli.record import spelled
    from telling.names import REFERENCE

    if not REFERENCE.search(sentence):
        return sentence
    with suppress(Exception):  # the record may be what is out of reach
        return spelled(sentence)
    return sentence


def _explained(error: Exception) -> tuple[str, int]:
    if isinstance(error, Fault):
        return str(error), error.code
    if isinstance(error, typer.TyperException):
        return _usage(error), MISUSED
    for explain in (_of_rules, _of_the_record, _of_the_engine, _of_papers, _of_files):
        if (found := explain(error)) is not None:
            return found
    return (
        f"Something went wrong that should not have ({type(error).__name__}). "
        "Run the command again with KIERROS_DEBUG=1 to see where.",
        REFUSED,
    )


_NO_NUMBER = "Input should be a valid number, unable to parse string as a number"


def _usage(error: typer.TyperException) -> str:
    # typer breaks the choices of an argument over several lines
    words = " ".join(error.format_message().rstrip(".").split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "kierros"
    if (option := getattr(error, "option_name", "")) and option.lstrip("-").isdigit():
        return _negative(path)
    words = words.replace("Value error, ", "").replace(_NO_NUMBER, "this is not a number")
    return f"{words}. `{path} --help` shows how it is used."


def _negative(path: str) -> str:
    """A number with a minus in front of it looks like an option."""
    if path.endswith(" spend"):
        from cli.spending import NOT_NEGATIVE

        return NOT_NEGATIVE
    return f"A number is never negative here. `{path} --help` shows what it may be."


def _loaded(module: str) -> Any:
    """A module that has been imported already; an error of a module that was not cannot have been raised."""
    return sys.modules.get(module)


def _of_rules(error: Exception) -> tuple[str, int] | None:
    base, desk, entitled = _loaded("exchange.base"), _loaded("workers.desk"), _loaded("workers.entitled")
    if base and isinstance(error, base.Refusal):
        return f"{error}{error.aside}", REFUSED
    if entitled and isinstance(error, entitled.NoRoleThere):
        return str(error), REFUSED
    if desk and isinstance(error, desk.RefusedByRule):
        return _by_the_plan(error), REFUSED
    return None


def _by_the_plan(error: Any) -> str:
    """What a rule said, its moments told by the clocks of the plan; as it stands where the record is out of reach."""
    from cli.terminal import terminal
    from telling.refusals import kind_of, sentence_of

    with suppress(Exception):
        if error.cycle and kind_of(error.name) is not None:
            return sentence_of(error.name, error.facts, terminal().store.get_plan(error.cycle))
    return str(error)


def _of_the_record(error: Exception) -> tuple[str, int] | None:
    faults = _loaded("store.faults")
    if not faults or not isinstance(error, faults.StoreFault):
        return None
    if isinstance(error, faults.StoreLocked | faults.StoreUnreachable | faults.StoreNewer | faults.StoreBroken):
        return str(error), UNREACHABLE
    unknown = isinstance(error, faults.NoSuchCycle | faults.NoSuchStaff | faults.AmbiguousStaff)
    return str(error), MISUSED if unknown else REFUSED


def _of_the_engine(error: Exception) -> tuple[str, int] | None:
    engine, stack, keys = _loaded("runtime.engine"), _loaded("workers.up"), _loaded("runtime.keys")
    if keys and isinstance(error, keys.KeyFault):
        return str(error), UNREACHABLE
    if stack and isinstance(error, stack.StackRuns | stack.PortTaken):
        return str(error), REFUSED
    backup = _loaded("workers.backup")
    if backup and isinstance(error, backup.BackupFault):
        return str(error), REFUSED
    return (str(error), UNREACHABLE) if engine and isinstance(error, engine.EngineUnreachable) else None


def _of_papers(error: Exception) -> tuple[str, int] | None:
    faults = _loaded("plans.faults")
    return (str(error), MISUSED) if faults and isinstance(error, faults.PlanFaults | faults.Misread) else None


def _of_files(error: Exception) -> tuple[str, int] | None:
    if not isinstance(error, OSError):
        return None
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}.", MISUSED
