"""The property suite kills every planted fault; else it would prove nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.mutants import MUTANTS, Mutant

HOME = Path(__file__).parents[2]
HUNT = "import tests.exchange.conftest; from tests.exchange.test_properties import cycles; cycles()"


def hunted(folder: Path, mutant: Mutant | None) -> subprocess.CompletedProcess[str]:
    """Lives through the suite's cycles by a copy of the rules with the fault in it."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HOME / "exchange", folder / "exchange", ignore=ignored)
    shutil.copytree(HOME / "tests" / "exchange", folder / "tests" / "exchange", ignore=ignored)
    for helper in ("builders.py", "given.py"):
        shutil.copy(HOME / "tests" / helper, folder / "tests")
    if mutant is not None:
        part = folder / "exchange" / mutant.file
        rules = part.read_text("utf-8")
        assert mutant.right in rules, f"the words are no longer in {mutant.file}: plant the fault anew"
        part.write_text(rules.replace(mutant.right, mutant.wrong), "utf-8")
    path = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "steady"}
    file = f"tests/exchange/{mutant.tests}" if mutant and mutant.tests else ""
    asked = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder), file]
    return subprocess.run(
        [sys.executable, *(asked if file else ["-c", HUNT])],
        cwd=folder,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_words_of_every_fault_stand_in_the_rules(mutant: Mutant) -> None:
    assert mutant.right in (HOME / "exchange" / mutant.file).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_suite_notices_that(mutant: Mutant, tmp_path: Path) -> None:
    hunt = hunted(tmp_path, mutant)
    assert hunt.returncode, "the fault lives"
    assert "SyntaxError" not in hunt.stderr, hunt.stderr
    assert "ImportError" not in hunt.stderr, hunt.stderr
    if mutant.tests:
        assert " failed" in hunt.stdout, hunt.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_suite_is_content_with_the_rules_as_they_are(tmp_path: Path) -> None:
    hunt = hunted(tmp_path, None)
    assert hunt.returncode == 0, hunt.stderr
