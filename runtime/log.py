"""Logging: facts with fields, one line each, with the Temporal context added by itself and no person in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog


def temporal_context(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Adds workflow or activity, run and attempt; drops the line when a workflow only replays."""
    if "temporalio" not in sys.modules:
        return event
    from temporalio import activity, workflow  # noqa: PLC0415 - only where the process uses it anyway

    if workflow.in_workflow():
        if workflow.unsafe.is_replaying():
            raise structlog.DropEvent
        info = workflow.info()
        event.update(workflow=info.workflow_id, run=info.run_id, attempt=info.attempt)
    elif activity.in_activity():
        about = activity.info()
        event.update(activity=about.activity_type, workflow=about.workflow_id, attempt=about.attempt)
    return event


def configure(level: str = "info", *, json: bool | None = None) -> None:
    """Sends all logs, the SDK's too, to stderr: JSON lines, or readable ones on a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        temporal_context,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelName(level.upper()), logging.WARNING))


def logger() -> Any:
    """A logger; its lines are facts with fields."""
    return structlog.get_logger()
