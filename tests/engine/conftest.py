"""One running installation for the tests of a module, each of which has a cycle of its own in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.installation import Installation, installed
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("kierros")) as installation:
        yield installation
