"""The house keeps its own rules: what each part may import, what is shipped, and what is pinned."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

# What the rules may use of others' work.
PURE_LIBRARIES = {"exchange", "pydantic", "pydantic_core", "rpds"}
# Parts of the standard library whose answer depends on the moment, the machine or chance.
IMPURE_MODULES = {
    "asyncio", "fileinput", "getpass", "glob", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib",
    "platform", "random", "secrets", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "zoneinfo",
}  # fmt: skip
IMPURE_NAMES = {"getrandbits", "now", "open", "print", "input", "today", "urandom", "utcnow", "uuid1", "uuid4", "uuid7"}


def committed(*patterns: str) -> list[Path]:
    """The files that are committed or about to be, below the project's folder."""
    if shutil.which("git") is None:
        pytest.skip("there is no git to ask")
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("this tree is not a git checkout")
    files = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return [file for file in files if file.is_file()]


def rule_files() -> list[Path]:
    return sorted((ROOT / "exchange").rglob("*.py"))


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or "").partition(".")[0])
    return found


# ------------------------------------------------------------------------------------------------------------ the rules


def test_the_rules_import_the_standard_library_pydantic_and_rpds_only():
    allowed = (sys.stdlib_module_names - IMPURE_MODULES) | PURE_LIBRARIES
    strangers = {
        (file.relative_to(ROOT).as_posix(), name)
        for file in rule_files()
        for name in imports(ast.parse(file.read_text("utf-8"))) - allowed
    }
    assert not strangers


def test_the_rules_ask_neither_clock_nor_chance_nor_the_machine():
    assert not [question for file in rule_files() for question in questions(file)]


def test_the_workflows_ask_the_engine_alone_for_time_and_chance():
    """Workers pass them through the sandbox, which refuses the rest only in the tests."""
    files = sorted((ROOT / "workflows").rglob("*.py"))
    assert not [question for file in files for question in questions(file)]
    strangers = {name for file in files for name in imports(ast.parse(file.read_text("utf-8")))} & IMPURE_MODULES
    assert strangers <= {"asyncio"}, "the SDK's own loop runs it"


def questions(file: Path) -> list[str]:
    """Where a file asks the clock, chance or the machine itself; what it asks of the engine is recorded."""
    asked = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of = getattr(getattr(node.func, "value", None), "id", "")
        if name in IMPURE_NAMES and of != "workflow":
            asked.append(f"{file.relative_to(ROOT)}:{node.lineno} calls {name}")
    return asked


@pytest.mark.parametrize(
    "source",
    ["import random", "from time import monotonic", "import sqlalchemy", "from . import plan", "import zoneinfo"],
)
def test_the_check_of_imports_sees(source: str):
    assert imports(ast.parse(source)) - ((sys.stdlib_module_names - IMPURE_MODULES) | PURE_LIBRARIES)


# ---------------------------------------------------------------------------------------------------------- the project


def test_every_package_is_built_typed_sorted_and_under_contract():
    tools = PROJECT["tool"]
    folders = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"bench"}
    assert set(PACKAGES) == folders
    assert set(tools["importlinter"]["root_packages"]) == set(PACKAGES)
    assert set(tools["mypy"]["files"]) >= set(PACKAGES)
    assert set(tools["ruff"]["lint"]["isort"]["known-first-party"]) >= set(PACKAGES)
    layers = {name.strip() for layer in tools["importlinter"]["contracts"][0]["layers"] for name in layer.split("|")}
    assert layers == set(PACKAGES)


def test_what_is_imported_is_asked_for_by_name():
    """A package that comes along with another may go away with it: typer once brought click, and does no more."""
    declared = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    declared |= {"kierros", "pydantic-core"}  # pydantic-core is the other half of pydantic, released with it
    providers = importlib.metadata.packages_distributions()
    strangers = {
        f"{file.relative_to(ROOT)} imports {name}"
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for name in imports(ast.parse(file.read_text("utf-8"))) - sys.stdlib_module_names - set(PACKAGES)
        if not declared & {canonicalize_name(provider) for provider in providers.get(name, [])}
    }
    assert not strangers


def test_no_other_distribution_provides_one_of_our_packages():
    providers = importlib.metadata.packages_distributions()
    rivals = {name: set(providers.get(name, ())) - {"kierros"} for name in [*PACKAGES, "portal"]}
    assert not {name: others for name, others in rivals.items() if others}


def test_the_wheel_ships_every_file_of_the_packages(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    ours = {file.relative_to(ROOT).as_posix() for file in committed(*PACKAGES)}
    assert not ours - shipped
    assert {name.partition("/")[0] for name in shipped} <= {
        *PACKAGES,
        f"kierros-{PROJECT['project']['version']}.dist-info",
    }


def make_tasks() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_make_help_lists_every_task():
    (phony,) = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert make_tasks() == set(phony.split())


def test_setup_says_that_it_is_done_and_what_comes_next() -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make to ask")
    # as where everything is ready: nothing is installed, and it is said all the same
    planned = ["make", "--dry-run", "--old-file=.venv/.ready", "setup"]
    said = subprocess.run(planned, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "Next: source .venv/bin/activate, then kierros up" in said


def test_papers_name_only_make_tasks_that_exist():
    named = {
        (file.name, task)
        for file in committed("*.md")
        for task in re.findall(r"(?:`|^ {4})make ([a-z]+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert not [name for name in named if name[1] not in make_tasks()]


# ------------------------------------------------------------------------------------------------------------ the locks


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/requirements.lock", "deploy/build.lock"])
def test_a_lock_holds_hashes_and_no_addresses(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?:|--index|--extra-index|--find-links", text)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, entry


def test_the_lock_holds_what_the_project_asks_for():
    project, locked = PROJECT["project"], pins("requirements.lock")
    wanted = map(Requirement, project["dependencies"] + project["optional-dependencies"]["dev"])
    unmet = [str(want) for want in wanted if not want.specifier.contains(locked[canonicalize_name(want.name)])]
    assert not unmet


def test_a_server_gets_the_versions_that_were_tested():
    tested, deployed = pins("requirements.lock"), pins("deploy/requirements.lock")
    assert deployed.items() <= tested.items()
    assert pins("deploy/build.lock").items() <= tested.items()
    assert "temporalio" in deployed
    assert "pytest" not in deployed


# ------------------------------------------------------------------------------------------------------- what is public

PRIVATE = {
    "a path of somebody's machine": r"(?<![\w.$}~])/(?:home|root|Users|work)/[\w.]",
    "a registry's address": r"\b(?:pypi|pythonhosted|npmjs|crates|debian)\.(?:org|com|io)\b|\bregistry\.\w+\.\w+",
    "a setting of one machine's package client": r"--(?:extra-)?index-url|PIP_INDEX_URL",
}


@pytest.mark.parametrize("what", PRIVATE)
def test_no_committed_file_names(what: str):
    here = Path(__file__)
    found = []
    for file in committed():
        if file == here or not (content := file.read_bytes()) or b"\0" in content[:8000]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if re.search(PRIVATE[what], line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found


def test_there_is_one_lock_and_it_is_not_that_of_a_tool():
    assert not [file for file in committed() if file.name in {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"}]
