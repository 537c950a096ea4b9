"""Property tests here run the same cycles every time; ``HYPOTHESIS_PROFILE=wander`` looks for new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

FIND = (Phase.explicit, Phase.generate)
"""Without shrinking: a run's story says more than its shortest bytes, and those take minutes."""

settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=FIND,
    report_multiple_bugs=False,
)  # fmt: skip
settings.register_profile("wander", deadline=None, suppress_health_check=list(HealthCheck), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
