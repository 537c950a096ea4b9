"""A town for each module, for its making takes a second or two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.portal.doors.town import Town, a_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as patch:
        made = a_town(tmp_path_factory.mktemp("town"), patch)
        yield made
        made.close()


@pytest.fixture(autouse=True)
def logged() -> None:
    """Everything is logged, and where it is looked for, whatever a command that ran here before has set."""
    structlog.reset_defaults()
