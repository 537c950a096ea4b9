"""The secret of an installation: made once, nobody else's to read, and never shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runtime.keys import KeyFault, Keys, read_keys, secret_missing
from runtime.settings import Settings, read_settings


def settings(folder: Path, secret: str = "") -> Settings:
    return Settings(data=folder, secret=secret)


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def test_the_secret_is_made_once_and_stays(tmp_path: Path):
    here = settings(tmp_path / "new" / "folder")
    assert secret_missing(here)
    first = read_keys(here).derived("links")
    assert not secret_missing(here)
    assert read_keys(here).derived("links") == first
    file = here.data / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(bytes.fromhex(file.read_text())) == 32
    assert names(here.data) == ["secret.key"], "nothing is left beside it"


def test_two_installations_have_two_secrets(tmp_path: Path):
    assert read_keys(settings(tmp_path / "a")).derived("links") != read_keys(settings(tmp_path / "b")).derived("links")


def test_many_that_start_at_once_agree(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: read_keys(settings(tmp_path)).derived("links"), range(32)))
    assert len(found) == 1
    assert names(tmp_path) == ["secret.key"]


def test_each_purpose_has_a_key_of_its_own():
    keys = Keys(b"x" * 32)
    assert keys.derived("links") == Keys(b"x" * 32).derived("links")
    assert len({keys.derived(purpose) for purpose in ("links", "proofs", "")}) == 3
    assert len(keys.derived("links")) == 32


def test_a_secret_of_the_settings_goes_before_the_file_and_makes_none(tmp_path: Path):
    given = settings(tmp_path, "s" * 32)
    assert read_keys(given).derived("links") == Keys(b"s" * 32).derived("links")
    assert not secret_missing(given)
    assert names(tmp_path) == []


def test_a_secret_may_lie_among_the_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "kierros_secret").write_text("c" * 40 + "\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_keys(read_settings(data=tmp_path / "data")).derived("a") == Keys(b"c" * 40).derived("a")


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path):
    with pytest.raises(KeyFault, match=r"KIERROS_SECRET is too short.*5 characters, and 32.*Make one with: python3"):
        read_keys(settings(tmp_path, "short"))
    (tmp_path / "secret.key").write_text("")
    (tmp_path / "secret.key").chmod(0o600)
    with pytest.raises(KeyFault, match=r"secret\.key is too short.*0 characters.*from a backup; or delete the file"):
        read_keys(settings(tmp_path))
    (tmp_path / "secret.key").write_bytes(b"x" * 5000)
    with pytest.raises(KeyFault, match="longer than 4096"):
        read_keys(settings(tmp_path))


def test_a_secret_that_others_may_read_is_made_private_again(tmp_path: Path):
    before = read_keys(settings(tmp_path)).derived("links")
    (tmp_path / "secret.key").chmod(0o644)
    assert read_keys(settings(tmp_path)).derived("links") == before
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_one_that_cannot_be_made_private_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    read_keys(settings(tmp_path))
    (tmp_path / "secret.key").chmod(0o640)

    def no(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", no)
    with pytest.raises(KeyFault, match=r"Others than its owner may read the secret .*640.*chmod 600 .*secret\.key"):
        read_keys(settings(tmp_path))


def test_one_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path):
    (tmp_path / "secret.key").mkdir(mode=0o700)
    with pytest.raises(KeyFault, match=r"secret\.key cannot be read or made: Is a directory.*set KIERROS_SECRET"):
        read_keys(settings(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFault, match="cannot be read or made"):
        read_keys(settings(tmp_path / "file"))


def test_nothing_shows_the_secret(tmp_path: Path):
    given = settings(tmp_path, "zqsecretzqsecretzqsecretzqsecret")
    keys = read_keys(given)
    assert all("zqsecret" not in shown for shown in (repr(given), str(given), repr(keys), str(keys)))
