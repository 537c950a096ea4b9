from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans.paper import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small plan that is in order, with its people list."""
    return Desk(tmp_path)
