"""The connection to Temporal: found as the ``temporal`` CLI finds it, or where a running `kierros up` says.

Profiles (``TEMPORAL_PROFILE``, ``temporal.toml``), ``TEMPORAL_ADDRESS``, ``TEMPORAL_NAMESPACE``, ``TEMPORAL_API_KEY``
and the TLS variables are read by ``temporalio.envconfig``.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter, ToJsonOptions
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfigProfile
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, TLSConfig

from runtime.settings import Settings


class CompactConverter(PydanticPayloadConverter):
    """Models as JSON without the fields nobody set: a history holds what was said, and no defaults."""

    def __init__(self) -> None:
        super().__init__(ToJsonOptions(exclude_unset=True))


CONVERTER = DataConverter(payload_converter_class=CompactConverter)


class EngineUnreachable(Exception):
    """No Temporal server answers where it should; the sentence says where and what to do."""


def temporal_profile(settings: Settings, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Where the engine is: the environment's profile, else the running stack of this data folder.

    Raises:
        EngineUnreachable: the profile cannot be read.
    """
    try:
        config: dict[str, Any] = dict(
            ClientConfigProfile.load(override_env_vars=environment).to_client_connect_config()
        )
    except (ValueError, RuntimeError, OSError) as error:
        raise EngineUnreachable(f"The Temporal profile cannot be read: {error}") from None
    if not config.get("target_host"):
        config["target_host"] = stack_address(settings.stack_file) or "127.0.0.1:7233"
    return config


def stack_address(stack_file: Path) -> str | None:
    """The address that a running `kierros up` has written down, if there is one."""
    try:
        return str(json.loads(stack_file.read_text())["temporal"])
    except (OSError, ValueError, KeyError):
        return None


@cache
def sdk_runtime(*, heartbeat: bool = False) -> Runtime:
    """The SDK's core with its logs sent to Python logging on stderr, so that stdout stays data.

    One for the process: each has threads of its own, which outlive whoever asked for them.
    """
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    filtering = TelemetryFilter(core_level="WARN", other_level="ERROR")
    telemetry = TelemetryConfig(logging=LoggingConfig(filter=filtering, forwarding=forwarding))
    return Runtime(telemetry=telemetry, worker_heartbeat_interval=timedelta(seconds=10) if heartbeat else None)


async def connect(
    settings: Settings,
    *,
    lazy: bool = False,
    runtime: Runtime | None = None,
    environment: dict[str, str] | None = None,
    **options: Any,
) -> Client:
    """A client of the engine; ``environment`` stands in for the process's own where it is given.

    Raises:
        EngineUnreachable: nothing answers there.
    """
    profile = temporal_profile(settings, environment)
    target = profile.pop("target_host")
    tls = profile.pop("tls", None)
    profile.setdefault("namespace", "default")
    try:
        return await Client.connect(
            target,
            tls=tls if isinstance(tls, TLSConfig | bool) else None,
            data_converter=CONVERTER,
            runtime=runtime or sdk_runtime(),
            lazy=lazy,
            **profile,
            **options,
        )
    except (RPCError, RuntimeError, OSError) as error:
        raise EngineUnreachable(
            f"No Temporal server answers at {target}. "
            "Start one with `kierros up`, or name another with TEMPORAL_ADDRESS."
        ) from error
