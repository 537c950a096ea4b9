"""`kierros` in this process: the same words, without the second that Python takes to begin."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping, Sequence

from cli.main import run


def typed(words: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Runs one command line with these variables alone; its exit code, and what it said on stdout and stderr."""
    said, told = io.StringIO(), io.StringIO()
    kept = dict(os.environ)
    wanted = dict(environment)  # before anything is cleared: it may be made of what stands there
    try:
        os.environ.clear()
        os.environ.update(wanted)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
            code = run(list(words))
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return code, said.getvalue(), told.getvalue()
