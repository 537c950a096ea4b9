"""The papers agree with the code: whoever adds a command, a setting or a key writes it down where people look."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main
from babel import Locale
from packaging.requirements import Requirement

from cli import main
from cli.app import ORDER
from exchange.base import RULES
from exchange.mail import LetterKind
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Visits
from letters.catalogues import languages
from plans.planfile import load
from plans.ready import CHOICES, QUESTIONS
from plans.section import Section
from runtime.settings import Settings
from telling.names import LANGUAGES
from tests.docs.papers import DOCS, PAGES, README, ROOT, Line, anchors, commands, links, text
from workflows.contract import SEARCH_ATTRIBUTES

PROGRAM: Any = typer.main.get_command(main.app)
KINDS = [kind.model_fields["kind"].default for kind in (Invitations, Registration, Seminar, Visits, Feedback, Report)]
TYPED = [(line, words) for line, words in commands("kierros") if "--help" not in words]
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PLAN_KEYS = """
programme: {id: exchange, name: {en: Exchange}}
theme: {id: youth, name: {en: Youth}}
year: 2027
zone: Europe/Helsinki
languages: [en]
people: people.csv
roles: {coordinator: Maija}
budget: {currency: EUR, cap: 0, funders: [{name: Fund, pays: 0}]}
organisations: {city: {name: City}}
steps:
  - {id: a, kind: invitations, approval: {role: coordinator}}
  - {id: b, kind: registration}
  - {id: c, kind: seminar, sessions: [{title: One}]}
  - {id: d, kind: visits, slots: [{id: e, candidates: [{host: city}]}]}
  - {id: f, kind: feedback, questions: [{id: g, form: choice}]}
  - {id: h, kind: report}
"""
"""One of everything that a plan can hold: reading it asks for every key there is."""


def read(line: Line, words: list[str]) -> list[str]:
    """Reads a command line as the program does, without doing what it says; the commands that were named."""
    context = PROGRAM.make_context("kierros", main.hoisted(words))
    command, named = PROGRAM, []
    try:
        while isinstance(command, typer.core.TyperGroup) and (rest := [*context._protected_args, *context.args]):
            name, command, rest = command.resolve_command(context, rest)
            named.append(name)
            context = command.make_context(name, rest, parent=context)
    except typer.TyperException as error:
        if line.whole or type(error).__name__ != "MissingParameter":
            raise
    return named


def names(page: str | Path, word: str) -> bool:
    """Whether a page shows a word as something to type, between backticks or in a block."""
    words = (ROOT / page).read_text("utf-8")
    return re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", words) is not None


# ---------------------------------------------------------------------------------------------------------- commands


@pytest.mark.parametrize(("line", "words"), TYPED, ids=[f"{line}: {line.words[:50]}" for line, _ in TYPED])
def test_a_command_line_in_the_papers_can_be_typed(line: Line, words: list[str]):
    read(line, words)


def test_the_papers_show_every_command():
    shown = {named[0] for line, words in TYPED if (named := read(line, words))}

    assert shown == set(ORDER)


@pytest.mark.parametrize("group", ["staff", "money"])
def test_the_papers_show_every_command_of_a_group(group: str):
    shown = {named[1] for line, words in TYPED if len(named := read(line, words)) > 1 and named[0] == group}

    assert shown == set(PROGRAM.commands[group].commands)


def test_a_make_task_that_the_papers_name_is_one():
    tasks = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {word for _, words in commands("make") for word in words if re.fullmatch(r"[a-z]+", word)}

    assert named - tasks == set()
    assert named >= {"demo", "test", "setup"}


# ------------------------------------------------------------------------------------------------- settings and names


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_setting_is_explained_to_whoever_runs_it(field: str):
    assert f"| `KIERROS_{field.upper()}` |" in text("docs/operator.md")


def test_the_papers_name_no_setting_that_there_is_not():
    known = {f"KIERROS_{field.upper()}" for field in Settings.model_fields} | {"KIERROS_DEBUG"}
    named = {name for page in PAGES for name in re.findall(r"KIERROS_[A-Z_]+", page.read_text("utf-8"))}

    assert named - known == set()


@pytest.mark.parametrize("attribute", SEARCH_ATTRIBUTES)
def test_a_search_attribute_is_named_to_whoever_runs_it(attribute: str):
    assert names("docs/operator.md", attribute)


@pytest.mark.parametrize("kind", get_args(LetterKind))
def test_what_people_receive_tells_of_every_letter(kind: str):
    assert f"| {kind.replace('_', ' ')} |" in text("docs/librarian.md")


# ------------------------------------------------------------------------------------------------------------- plans


def keys_of_a_plan(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every key that reading a plan asks for; not the names that authors choose, nor languages."""
    asked: set[str] = set()
    node = Section._node

    def noting(self: Section, key: str) -> Any:
        if self.path not in {("roles",), ("organisations",)} and len(key) > 2 and not key.isdigit():
            asked.add(key)
        return node(self, key)

    monkeypatch.setattr(Section, "_node", noting)
    (folder / "plan.yaml").write_text(PLAN_KEYS, "utf-8")
    load(folder / "plan.yaml")
    return asked


def test_every_key_of_a_plan_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    keys = keys_of_a_plan(tmp_path, monkeypatch)
    page = text("docs/plan.md")
    headed = re.findall(r"^#+ `(\w+)`$", page, re.MULTILINE)
    rows = re.findall(r"^\|([^|]*`[^|]*)\|", page, re.MULTILINE)
    told = {*headed, *re.findall(r"`(\w+)`", "".join(rows))}
    told |= {key for key in ("name", "pays", "title", "speaker") if names("docs/plan.md", key)}

    assert {"offers_until", "second_person", "choices", "speaker", "strengths", "cap"} <= keys
    assert keys - told == set()


@pytest.mark.parametrize("page", ["docs/plan.md", "docs/developer.md"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_step_is_named(page: str, kind: str):
    assert names(page, kind)


@pytest.mark.parametrize("name", [*QUESTIONS, *CHOICES])
def test_what_is_ready_made_for_feedback_is_named(name: str):
    assert names("docs/plan.md", name)


# --------------------------------------------------------------------------------------------------------- the papers


def test_the_readme_stays_short():
    assert len(README.read_text("utf-8").splitlines()) < 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path):
    for link in links(page):
        target, _, anchor = link.partition("#")
        found = (page.parent / target).resolve()
        assert found.exists(), link
        assert not anchor or anchor in anchors(found), link


def test_pictures_are_shown_and_not_too_heavy():
    shown = {(page.parent / link).resolve() for page in DOCS for link in links(page) if link.endswith(".png")}
    kept = set((ROOT / "docs" / "pictures").iterdir())

    assert shown == kept
    assert [picture.name for picture in kept if picture.stat().st_size > 300_000] == []


def test_every_page_is_reached_from_the_readme():
    reached, ahead = {README}, [README]
    while ahead:
        page = ahead.pop()
        found = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        new = {other for other in found if other.suffix == ".md"} - reached
        reached, ahead = reached | new, [*ahead, *new]

    assert set(PAGES) <= reached


def test_decisions_have_numbers_of_their_own():
    numbers = [adr.name[:4] for adr in ADRS]

    assert numbers == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
    for adr in ADRS:
        page = adr.read_text("utf-8")
        assert page.startswith(f"# ADR {adr.name[:4]}: ")
        assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert f"]({adr.name})" in text("docs/adr/README.md")


def test_a_decision_that_the_code_refers_to_exists():
    grep = subprocess.run(
        ["git", "grep", "-hoE", "ADR [0-9]{4}", "--", "*.py", "*.md", "*.toml", "*.yaml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if grep.returncode:
        pytest.skip("this tree is not a git checkout")

    assert {line[4:] for line in grep.stdout.split("\n") if line} <= {adr.name[:4] for adr in ADRS}


def test_every_dependency_has_its_reason():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = {Requirement(line).name for line in project["dependencies"]}
    told = re.findall(r"^\| `([a-zA-Z0-9_-]+)` \|", (ADRS[9]).read_text("utf-8"), re.MULTILINE)

    assert set(told) == wanted
    assert len(told) == len(set(told))


def test_the_changelog_tells_of_this_version_and_of_its_rules():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    changes = text("CHANGELOG.md")

    assert f"## [{version}]" in changes
    assert f"ules version {RULES}" in changes


def test_a_patch_in_a_workflow_is_named_in_the_changelog():
    code = "".join(file.read_text("utf-8") for file in sorted((ROOT / "workflows").glob("*.py")))
    patches = re.findall(r"workflow\.patched\(\s*[\"']([^\"']+)[\"']", code)

    assert [patch for patch in patches if patch not in text("CHANGELOG.md")] == []


def test_the_test_that_developers_are_shown_is_one():
    shown = re.search(r"^    def (test_\w+).*?(?=\n\n)", text("docs/developer.md"), re.MULTILINE | re.DOTALL)

    assert shown
    assert "\n".join(line[4:] for line in shown[0].splitlines()) in text("tests/exchange/test_places.py")


def test_every_language_of_the_letters_is_named():
    for code in languages():
        name = str(Locale("en").languages[code]).split(maxsplit=1)[0]
        assert code in LANGUAGES
        assert name in text("docs/librarian.md"), name
        assert re.search(rf"`{code}` {name}", text("docs/plan.md")), name
