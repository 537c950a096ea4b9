"""What `deploy/` starts, started: the command lines of the containers and of the systemd units, as plain processes
against a server that the jobs have prepared, with the record in PostgreSQL and a mail server."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from temporalio.envconfig import ClientConfigProfile
from temporalio.service import TLSConfig

from runtime.engine import temporal_profile
from runtime.settings import Settings, SettingsFault, read_settings
from store.store import Store, open_store
from tests.engine.installation import until
from tests.engine.post import free_port, mail_server
from tests.postgres import postgres_server, postgres_url
from tests.services import BIN, DEPLOY, PROFILES, PROGRAM, PROXIES, PUBLIC, SYSTEMD, Ground, unit
from tests.signing import sign_in
from tests.troubles.likeness import shift

__all__ = ["postgres_server", "postgres_url"]

UNITS = sorted(SYSTEMD.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
wants_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed (Debian: systemd)")


# ---------------------------------------------------------------------------------------------------------------- units


def sound(folder: Path) -> list[str]:
    """The units as systemd finds them, with a program that is there."""
    for file in SYSTEMD.iterdir():
        name = file.name.replace("@", "@cycles")
        (folder / name).write_text(file.read_text("utf-8").replace(PROGRAM, str(BIN / "kierros")), "utf-8")
    return [str(file) for file in sorted(folder.glob("*.service")) + sorted(folder.glob("*.timer"))]


@wants_systemd
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *sound(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@wants_systemd
def test_the_units_are_hardly_exposed(tmp_path: Path) -> None:
    for file in sound(tmp_path):
        if file.endswith(".service"):
            words = [str(ANALYZE), "security", "--offline=true", "--threshold=20", "--no-pager", file]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_runs_as_nobody_and_carries_no_secret(file: Path) -> None:
    read = unit(file.name)
    assert read.one("User") == "kierros"
    hardened = ["NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictNamespaces"]
    assert {read.one(key) for key in hardened} == {"yes"}
    assert read.one("ProtectSystem") == "strict"
    assert read.one("CapabilityBoundingSet") == ""
    assert {value.partition(":")[0] for value in read.all("LoadCredential")} == {
        "kierros_database", "kierros_smtp_password", "temporal.toml",
    }  # fmt: skip
    assert not re.search("PASSWORD|SECRET|API_KEY", file.read_text("utf-8"))


def test_a_worker_comes_back_always_and_is_let_finish() -> None:
    worker = unit("kierros-worker@.service")
    assert (worker.one("Restart"), worker.one("StartLimitIntervalSec")) == ("always", "0")
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["worker"]
    assert worker.one("TimeoutStopSec") == compose["stop_grace_period"].removesuffix("s")


@pytest.mark.parametrize("timer", sorted(SYSTEMD.glob("*.timer")), ids=lambda file: file.name)
def test_a_timer_starts_a_unit_that_is_there(timer: Path) -> None:
    assert timer.with_suffix(".service").is_file()
    assert [value for key, value in unit(timer.name).said if key.startswith("On")]


@pytest.mark.parametrize(
    "file", [*SYSTEMD.iterdir(), *PROFILES.iterdir(), *PROXIES.iterdir()], ids=lambda file: file.name
)
def test_the_paper_names_every_file(file: Path) -> None:
    name = file.name if file.suffix != ".timer" else file.with_suffix(".service").name
    assert f"{file.parent.name}/{name}`" in (DEPLOY / "README.md").read_text("utf-8")


# ------------------------------------------------------------------------------------------------ secrets and profiles


def test_a_setting_may_lie_in_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kierros_smtp_password").write_text("long and secret\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("KIERROS_SMTP_PASSWORD", "")  # as an example file leaves it
    settings = read_settings()
    assert settings.smtp_password == "long and secret"
    assert "secret" not in repr(settings)
    monkeypatch.setenv("KIERROS_SMTP_PASSWORD", "said")
    assert read_settings().smtp_password == "said"


def test_a_setting_in_a_file_that_means_nothing_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kierros_smtp_port").write_text("smtp", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(SettingsFault, match="KIERROS_SMTP_PORT"):
        read_settings()


def profile(file: str, name: str, **more: str) -> dict[str, Any]:
    found = {"TEMPORAL_CONFIG_FILE": str(PROFILES / file), "TEMPORAL_PROFILE": name, **more}
    return temporal_profile(Settings(), found)


def test_a_cluster_is_reached_without_tls_or_with_certificates(tmp_path: Path) -> None:
    assert profile("cluster.toml", "cluster") == {
        "target_host": "temporal.library.example:7233", "namespace": "kierros",
    }  # fmt: skip
    text = (PROFILES / "cluster.toml").read_text("utf-8")
    for file in ("ca.pem", "kierros.pem", "kierros.key"):
        (tmp_path / file).write_text(f"this is {file}", "utf-8")
    (tmp_path / "temporal.toml").write_text(text.replace("/etc/kierros/tls", str(tmp_path)), "utf-8")
    tls = profile("cluster.toml", "cluster-tls", TEMPORAL_CONFIG_FILE=str(tmp_path / "temporal.toml"))["tls"]
    assert isinstance(tls, TLSConfig)
    assert (tls.server_root_ca_cert, tls.client_private_key) == (b"this is ca.pem", b"this is kierros.key")


def test_the_cloud_is_reached_by_a_key_or_with_certificates() -> None:
    by_key = profile("cloud.toml", "cloud")
    assert by_key["tls"]
    assert by_key["namespace"] == "kierros.a1b2c"
    assert by_key["api_key"]
    assert profile("cloud.toml", "cloud", TEMPORAL_API_KEY="another")["api_key"] == "another"
    by_certificate = ClientConfigProfile.load(
        profile="cloud-tls", config_source=PROFILES / "cloud.toml", override_env_vars={}
    )
    assert by_certificate.tls
    assert by_certificate.tls.client_private_key == Path("/etc/kierros/tls/kierros.key")
    assert str(by_certificate.address).startswith(f"{by_certificate.namespace}.tmprl.cloud")


# ------------------------------------------------------------------------------------------------------------ by trying


@pytest.fixture
def ground(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Ground, Any]]:
    """A server that the jobs of deploy/ have prepared, and a mail server."""
    program = BIN / "temporal"
    port, portal = free_port(), free_port()
    command = [str(program), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    with mail_server() as (sink, mail), contextlib.ExitStack() as ends:
        server = subprocess.Popen([*command, "--log-level", "never"], stdout=subprocess.DEVNULL)
        ends.callback(server.wait, 20)
        ends.callback(server.terminate)
        made = Ground(tmp_path, f"127.0.0.1:{port}", postgres_url, mail, portal)
        ends.callback(made.end)
        jobs = {**made.bare, "TEMPORAL_ADDRESS": made.address, "TEMPORAL_NAMESPACE": "kierros"}
        for job in ("temporal/namespace.sh", "search-attributes.sh"):
            made.run(["sh", str(DEPLOY / job)], jobs)
        yield made, sink


def a_cycle_begins(ground: Ground, sink: Any, environment: dict[str, str] | None) -> None:
    """Staff start a cycle and approve its invitations, which reach the mail server."""
    for name in ("Maija Salo", "Jussi Korpi"):
        ground.at_the_desk(environment, "staff", "add", name, f"{name.split()[0].lower()}@library.example")
    store = open_store(ground.database)
    sign_in(store, Settings(data=ground.folder / "state" / "kierros", database=ground.database))
    store.put_setting("live", {"host": "127.0.0.1"}, store.staff()[0].ref)
    for file in (DEPLOY.parent / "tests" / "troubles" / "plan").iterdir():  # the year of the pages, put to today
        by = shift(datetime.now(UTC).date(), date(2027, 3, 1))
        (ground.folder / file.name).write_text(by.there(file.read_text("utf-8")), "utf-8")
    cycle = ground.at_the_desk(environment, "start", str(ground.folder / "plan.yaml"), "--as", "Maija Salo").split()[0]
    until(lambda: any(row.prompt.step == "invitations" for row in store.prompts(cycle)), within=60, what="it asks")
    ground.at_the_desk(environment, "approve", "--step", "invitations", "--yes", "--as", "Maija Salo")
    until(
        lambda: {row.state for row in store.letters(cycle, kind="invitation")} == {"sent"}, within=60, what="they leave"
    )
    assert set(sink.copies.values()) == {1}
    the_portal_opens(ground, sink, store)
    store.close()


def the_portal_opens(ground: Ground, sink: Any, store: Store) -> None:
    """Whoever comes through the proxy by TLS reads her page, and staff get their letters; callers are told apart."""
    host = urlsplit(PUBLIC).hostname or ""
    come = {"host": host, "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
    with httpx.Client(base_url=f"http://127.0.0.1:{ground.portal}", headers=come) as reader:
        links = [link for words in sink.letters for link in re.findall(rf"{PUBLIC}(/l/[\w-]{{24}})", words)]
        assert links
        invited = reader.get(links[0])
        assert invited.status_code == 200
        assert invited.headers["strict-transport-security"].startswith("max-age=")
        asked = reader.get("/sign-in")
        seal = re.search(r'name="seal" value="([^"]+)"', asked.text)
        assert seal
        assert all("Secure" in cookie for cookie in asked.headers.get_list("set-cookie"))
        cookies = "; ".join(cookie.partition(";")[0] for cookie in asked.headers.get_list("set-cookie"))
        sent = {"seal": seal[1], "address": store.staff()[0].address}
        reader.post("/sign-in", data=sent, headers={"cookie": cookies})
        until(
            lambda: any(f"{PUBLIC}/s/" in words for words in sink.letters), within=30, what="the letter that signs in"
        )
        assert reader.get("/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_what_the_units_start_works_on_a_cluster(ground: tuple[Ground, Any]) -> None:
    here, sink = ground
    for queue in ("cycles", "letters"):
        here.start(*here.by_unit("kierros-worker@.service", queue))
    here.start(*here.by_unit("kierros-portal.service"))
    a_cycle_begins(here, sink, None)
    assert "takes work from kierros-letters" in here.run(*here.by_unit("kierros-doctor.service"))
    here.run(*here.by_unit("kierros-backup.service"))
    assert len(list((here.folder / "state" / "kierros" / "backups").glob("kierros-*.zip"))) == 1
    here.stop()


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_what_the_containers_start_works_as_plain_processes(ground: tuple[Ground, Any]) -> None:
    here, sink = ground
    for name in ("worker", "worker-letters", "portal"):
        here.start(*here.by_compose(name))
    _, environment = here.by_compose("worker")
    a_cycle_begins(here, sink, environment)
    (health,) = re.findall(r"HEALTHCHECK .*CMD (\[.*\])", (DEPLOY / "Dockerfile").read_text("utf-8"))
    words = yaml.safe_load(health)
    assert "ok" in here.run([str(BIN / words[0]), *words[1:]], environment)
    here.stop()
