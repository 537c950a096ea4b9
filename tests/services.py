"""What stands in `deploy/`, read as systemd and Docker read it, and started as plain processes."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.engine.installation import until

DEPLOY = Path(__file__).parent.parent / "deploy"
SYSTEMD = DEPLOY / "systemd"
PROFILES = DEPLOY / "profiles"
PROXIES = DEPLOY / "proxy"
BIN = Path(sys.executable).parent
PUBLIC = "https://exchange.library.example"
"""The portal's public address."""
PROGRAM = "/opt/kierros/bin/kierros"


@dataclass(frozen=True)
class Unit:
    """A unit file, as systemd reads it."""

    said: list[tuple[str, str]]

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.said if name == key]

    def one(self, key: str) -> str:
        (value,) = self.all(key)
        return value

    def put(self, value: str, *, state: Path, credentials: Path, instance: str = "") -> str:
        """A value with systemd's specifiers filled in."""
        kinds = {"%%": "%", "%i": instance, "%S": str(state), "%d": str(credentials)}
        return (
            re.sub("%.", lambda found: kinds[found[0]], value).replace("$$", "$").replace(PROGRAM, str(BIN / "kierros"))
        )


def unit(name: str) -> Unit:
    lines = (SYSTEMD / name).read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and line[0] not in "#["]
    return Unit([(key, value) for key, _, value in pairs])


@dataclass
class Ground:
    """What the services find on a machine: settings and secrets under ``etc``, a data folder, a Temporal server."""

    folder: Path
    address: str
    database: str
    mail: dict[str, str]
    portal: int
    """The port of the portal."""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        secrets = self.folder / "etc" / "secrets"
        secrets.mkdir(parents=True)
        (self.folder / "state" / "kierros" / "backups").mkdir(parents=True)
        example = (DEPLOY / "kierros.env.example").read_text("utf-8")
        example = re.sub("^#(KIERROS_PORTAL_)", r"\1", example, flags=re.MULTILINE)  # as the paper says
        ours = {**self.mail, "TEMPORAL_PROFILE": "cluster", "KIERROS_PORTAL_PORT": str(self.portal)}
        said = "".join(f"{name}={value}\n" for name, value in ours.items())
        (self.folder / "etc" / "kierros.env").write_text(example + said, "utf-8")
        (secrets / "kierros_database").write_text(self.database, "utf-8")
        (secrets / "kierros_smtp_password").write_text("", "utf-8")
        profiles = (PROFILES / "cluster.toml").read_text("utf-8")
        (secrets / "temporal.toml").write_text(profiles.replace("temporal.library.example:7233", self.address), "utf-8")

    @property
    def secrets(self) -> Path:
        return self.folder / "etc" / "secrets"

    @property
    def env_file(self) -> dict[str, str]:
        text = (self.folder / "etc" / "kierros.env").read_text("utf-8")
        return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))

    @property
    def bare(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KIERROS_", "TEMPORAL_", "CREDENTIALS_"))}
        return {**kept, "PATH": f"{BIN}{os.pathsep}{kept['PATH']}"}

    def start(self, words: list[str], environment: dict[str, str]) -> None:
        """Starts a lasting process, and waits until it serves."""
        log = self.folder / f"{len(self.running)}.log"
        with log.open("wb") as said:
            self.running.append(
                subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            )
        until(lambda: " serves" in log.read_text("utf-8"), within=60, what=" ".join(words))

    def run(self, words: list[str], environment: dict[str, str]) -> str:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, check=False, timeout=90, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr}"
        return done.stdout

    def stop(self) -> None:
        """SIGTERM, as systemd and Docker send it: everybody leaves in order."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(60) for process in self.running] == [0] * len(self.running)

    def end(self) -> None:
        """Whatever still runs is ended."""
        for process in self.running:
            process.kill()
            process.wait(20)

    # -- as their files say -------------------------------------------------------------------------------------------

    def by_unit(self, name: str, instance: str = "") -> tuple[list[str], dict[str, str]]:
        """The command line and the environment of a systemd unit."""
        read = unit(name)
        at = {"state": self.folder / "state", "credentials": self.secrets, "instance": instance}
        ours = dict(word.split("=", 1) for word in shlex.split(read.put(read.one("Environment"), **at)))
        environment = {**self.bare, **ours, **self.env_file, "CREDENTIALS_DIRECTORY": str(self.secrets)}
        return shlex.split(read.put(read.one("ExecStart"), **at)), environment

    def by_compose(self, name: str) -> tuple[list[str], dict[str, str]]:
        """The command line and the environment of a container."""
        service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"][name]
        put = {
            "TEMPORAL_ADDRESS": self.address,
            "KIERROS_DATA": str(self.folder / "state" / "kierros"),
            "KIERROS_DATABASE": self.database,
            "KIERROS_PORTAL_URL": PUBLIC,
            "KIERROS_PORTAL_PROXIES": "127.0.0.1",
        }
        ours = {key: put.get(key, value) for key, value in service["environment"].items()}
        given = {key: value for key, value in self.env_file.items() if key != "TEMPORAL_PROFILE"}
        words = [word.replace("8400", str(self.portal)) for word in service["command"]]
        return [str(BIN / "kierros"), *words], {**self.bare, **given, **ours}

    def at_the_desk(self, environment: dict[str, str] | None, *words: str) -> str:
        """A command of staff: in a container, or by the script that stands beside the units."""
        if environment is not None:
            return self.run([str(BIN / "kierros"), *words], environment)
        told = {"ETC": str(self.folder / "etc"), "PROGRAM": str(BIN / "kierros"), **self.bare}
        told["KIERROS_DATA"] = str(self.folder / "state" / "kierros")
        return self.run(["sh", str(SYSTEMD / "kierros"), *words], told)
