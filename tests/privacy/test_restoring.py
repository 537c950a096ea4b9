"""A backup from before an erasure is restored after it: nobody comes back."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cli.main import run
from store.erasing import mark_of
from store.store import open_store
from tests.cli.world import KRISTINA, World
from tests.privacy.needles import found_in
from workers.erasure_list import LIST

ANNA, NAME = "anna@home-library.example", "Anna Example"


@dataclass
class Erased:
    """An installation whose backup was made before Anna was erased."""

    folder: Path
    cycle: str
    ref: str
    backup: Path

    def run(self, *words: str) -> tuple[int, str]:
        """`kierros` in this process, over its folder unless the words name another."""
        said = io.StringIO()
        data = () if "--data" in words else ("--data", str(self.folder))
        with redirect_stderr(said), redirect_stdout(io.StringIO()), pytest.MonkeyPatch.context() as patch:
            patch.setattr("cli.personal.PATIENCE", 0.0)  # no worker runs here
            code = run([*words, *data, "--as", KRISTINA])
        return code, " ".join(said.getvalue().split())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Erased:
    folder = tmp_path_factory.mktemp("first")
    world = World(folder)
    cycle = world.start(days_ago=20)
    person = world.store.by_address(cycle, ANNA)
    assert person is not None
    made = Erased(folder, cycle, person.ref, tmp_path_factory.mktemp("backup") / "kierros.zip")
    assert made.run("backup", str(made.backup))[0] == 0
    world.sign_in()
    assert made.run("people", "erase", ANNA, "--yes")[0] == 0
    world.store.close()
    return made


@pytest.fixture
def erased(first: Erased, tmp_path: Path) -> Erased:
    return replace(first, folder=Path(shutil.copytree(first.folder, tmp_path / "data")))


def known(folder: Path, cycle: str) -> bool:
    store = open_store(f"sqlite:///{folder / 'kierros.db'}")
    try:
        return store.by_address(cycle, ANNA) is not None
    finally:
        store.close()


def test_over_the_same_folder_she_is_erased_again(erased: Erased) -> None:
    code, said = erased.run("restore", str(erased.backup), "--replace")
    assert code == 0, said
    assert "1 person erased since then: erased again." in said
    assert not known(erased.folder, erased.cycle)
    store = open_store(f"sqlite:///{erased.folder / 'kierros.db'}")
    assert [(one.cycle, one.mark) for one in store.erasures()] == [(erased.cycle, mark_of(erased.ref))]
    store.close()
    assert found_in(erased.folder, [NAME, ANNA], but=["plan.yaml", "people.csv"]) == []


def test_where_the_file_of_the_list_was_lost_the_replaced_record_knows_it(erased: Erased) -> None:
    (erased.folder / LIST).unlink()
    assert "erased again" in erased.run("restore", str(erased.backup), "--replace")[1]
    assert not known(erased.folder, erased.cycle)


def test_elsewhere_the_list_is_given_along_or_its_lack_is_told(erased: Erased, tmp_path: Path) -> None:
    kept = tmp_path / "erasures.jsonl"
    assert erased.run("people", "erasures", "--to", str(kept))[0] == 0
    assert set(json.loads(kept.read_text())) == {"mark", "cycle", "asked_at", "asked_by", "role"}
    _, said = erased.run("restore", str(erased.backup), "--data", str(tmp_path / "one"))
    assert "No list of erasures was found here" in said
    assert known(tmp_path / "one", erased.cycle), "without a list nobody can know"
    _, said = erased.run("restore", str(erased.backup), "--data", str(tmp_path / "two"), "--erasures", str(kept))
    assert "erased again" in said
    assert not known(tmp_path / "two", erased.cycle)
    assert (tmp_path / "two" / LIST).is_file()
    code, said = erased.run(
        "restore", str(erased.backup), "--data", str(tmp_path / "three"), "--erasures", str(tmp_path / "none")
    )
    assert (code, "is no file" in said) == (2, True)
    assert not (tmp_path / "three" / "kierros.db").exists()


def test_a_backup_from_after_it_says_nothing_and_changes_nothing(erased: Erased, tmp_path: Path) -> None:
    later = tmp_path / "later.zip"
    assert erased.run("backup", str(later))[0] == 0
    code, said = erased.run("restore", str(later), "--replace")
    assert (code, "erased again" in said) == (0, False)
    assert not known(erased.folder, erased.cycle)


async def test_a_database_that_was_copied_back_by_hand_is_noticed_by_a_worker(erased: Erased) -> None:
    from runtime.settings import Settings
    from workers.sexton import Sexton

    elsewhere = erased.folder / "by-hand"
    assert erased.run("restore", str(erased.backup), "--data", str(elsewhere))[0] == 0
    (erased.folder / "kierros.db").write_bytes((elsewhere / "kierros.db").read_bytes())
    for end in ("-wal", "-shm"):
        (erased.folder / f"kierros.db{end}").unlink(missing_ok=True)
    assert known(erased.folder, erased.cycle)
    store = open_store(f"sqlite:///{erased.folder / 'kierros.db'}")
    assert await Sexton(Settings(data=erased.folder), store).round(repeating=True) == 1
    store.close()
    assert not known(erased.folder, erased.cycle)
