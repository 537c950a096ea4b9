from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.plans.paper import Desk

# A busy machine is slow, and that is no fault of a plan.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small plan that is in order, with its people list."""
    return Desk(tmp_path)
