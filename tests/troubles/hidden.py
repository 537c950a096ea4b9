"""What a page does not show and that is there, or happens, all the same: one word for each, and its arguments."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from exchange.moving import Move
from exchange.plan import When
from store.store import open_store
from tests.engine.newer import newer_release
from tests.engine.post import mail_server
from tests.engine.resetting import reset_workflow
from tests.troubles.damage import delete_event, held, make_newer, stopped
from tests.troubles.ground_lost import fill_up, into_postgresql, onto_a_small_disk
from tests.troubles.scene import CYCLE, JUSSI, MAIJA, Scene
from workers.desk import RefusedByRule
from workflows.contract import POST_OFFICE_ID

Doing = Callable[..., None]
KNOWN: dict[str, Doing] = {}


def happen(scene: Scene, words: str) -> None:
    """Has it happen; a line that begins with ``$`` is typed, and has to take effect."""
    if words.startswith("$ "):
        scene.do(words[2:])
        return
    word, *rest = shlex.split(words)
    KNOWN[word](scene, *rest)


def doing(function: Doing) -> Doing:
    KNOWN[function.__name__] = function
    return function


@doing
def plan(scene: Scene, old: str, new: str) -> None:
    """Other words in the plan, before it is started or when it is to be amended."""
    file = scene.folder / "my-year.yaml"
    text = scene.by.back(file.read_text("utf-8"))
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    assert old in text, f"the plan does not say {old!r}"
    file.write_text(scene.by.there(text.replace(old, new, 1)), "utf-8")


@doing
def one_visit(scene: Scene) -> None:
    """The plan has one visit only, the one in spring."""
    file = scene.folder / "my-year.yaml"
    text, slots = re.subn(r"      - id: summer\n.*?\n\n", "\n", file.read_text("utf-8"), flags=re.DOTALL)
    assert slots == 1
    file.write_text(text, "utf-8")


@doing
def engine(scene: Scene) -> None:
    """The worker runs."""
    scene.serve()


@doing
def off(scene: Scene) -> None:
    """The worker does not run any more."""
    scene.worker.stop()


@doing
def started(scene: Scene) -> None:
    """The cycle has begun; decisions about its invitations and its hosts wait."""
    scene.serve()
    scene.do("kierros start my-year.yaml")
    for step in ("invitations", "visits"):
        scene.prompt("approval", step)


@doing
def opened(scene: Scene) -> None:
    """… and the invitations have been sent and the registration is open."""
    started(scene)
    scene.do("kierros approve --step invitations --yes")
    scene.until(lambda: scene.cycle.desk("registration").stage == "open", "registration opens")
    letter(scene, "invitation", "sent", "4")


@doing
def asked(scene: Scene) -> None:
    """The hosts are asked."""
    scene.do(f'kierros approve --step visits --yes --as "{JUSSI}"')
    scene.until(lambda: "HostAsked" in scene.names(), "hosts are asked")


@doing
def wait(scene: Scene, event: str, count: str = "1") -> None:
    """Until the history has it, so many times."""
    assert re.fullmatch("[A-Z][A-Za-z]+", event)
    scene.until(lambda: scene.names().count(event) >= int(count), f"{event}; it has {scene.names()}")


@doing
def waits(scene: Scene, about: str, step: str = "") -> None:
    """Until a decision waits."""
    scene.prompt(about, step)


@doing
def letter(scene: Scene, kind: str, state: str = "sent", count: str = "1") -> None:
    """Until so many letters of a kind are in a state."""
    scene.until(
        lambda: sum(row.kind == kind and row.state == state for row in scene.store.letters(CYCLE)) >= int(count),
        f"{kind} is {state}",
    )


@doing
def closes(scene: Scene) -> None:
    """The registration's deadline comes: it was moved to this moment."""
    _closing(scene)
    scene.until(lambda: scene.cycle.desk("registration").stage != "open", "registration closes")


@doing
def passes(scene: Scene) -> None:
    """The same before anybody is invited: the registration cannot close, and its moment goes by."""
    at = _closing(scene)
    scene.until(lambda: datetime.now(UTC) > at and scene.prompt("approval", "invitations"), "the moment goes by")


def _closing(scene: Scene) -> datetime:
    """The registration's deadline is moved to a second from now; or to more, where that is over before it is heard."""
    for seconds in (1, 4):
        with contextlib.suppress(RefusedByRule):
            return _closing_in(scene, timedelta(seconds=seconds))
    return _closing_in(scene, timedelta(seconds=20))


def _closing_in(scene: Scene, lasts: timedelta) -> datetime:
    at = datetime.now(UTC) + lasts
    local = at.astimezone(ZoneInfo("Europe/Riga")).replace(tzinfo=None)
    when = When(local=local.isoformat(), zone="Europe/Riga", at=at)
    who = next(one.ref for one in scene.store.staff() if one.name == MAIJA)
    reason = scene.store.add_text(CYCLE, "The time is up", "reason")
    scene.tell(Move(at=datetime.now(UTC), actor=who, step="registration", field="closes", when=when, reason=reason))
    return at


@doing
def brisk(scene: Scene) -> None:
    """In the plan that is started, hosts have a second to answer."""
    scene.brisk = ("visits", "answer_within", timedelta(seconds=1))


@doing
def as_written(scene: Scene) -> None:
    """From now on they have what the file says."""
    scene.brisk = None
    scene.do('kierros amend my-year.yaml --yes --reason "The page need wait no more"')


@doing
def away(scene: Scene) -> None:
    """No engine answers where it should: nobody has said `kierros up`."""
    scene.worker.stop()
    scene.variables["TEMPORAL_ADDRESS"] = "127.0.0.1:1"


@doing
def back(scene: Scene) -> None:
    """It answers again."""
    del scene.variables["TEMPORAL_ADDRESS"]
    scene.serve()


@doing
def mail(scene: Scene) -> None:
    """There is a mail server, and letters leave for real."""
    sink, variables = scene.ends.enter_context(mail_server())
    scene.variables.update(variables)
    scene.sink = sink
    who = next(one.ref for one in scene.store.staff() if one.name == MAIJA)
    scene.store.put_setting("live", {"host": "127.0.0.1"}, who)


@doing
def mood(scene: Scene, how: str) -> None:
    """What the mail server does with letters."""
    scene.sink.mood = how


@doing
def absent(scene: Scene, since: str) -> None:
    """Nothing ran since that day of the page."""
    at = datetime.fromisoformat(scene.by.there(since)).replace(tzinfo=UTC)
    scene.store.put_setting("awake", {"at": at.isoformat()}, "")


@doing
def terminate(scene: Scene) -> None:
    """Somebody presses Terminate in the Temporal UI."""
    scene.in_temporal(lambda client, cycle: client.get_workflow_handle(cycle).terminate("pressed in the browser"))


@doing
def reset(scene: Scene) -> None:
    """Somebody presses Reset there."""
    scene.in_temporal(reset_workflow)


@doing
def press_cancel(scene: Scene) -> None:
    """Somebody presses Request Cancellation there."""
    scene.in_temporal(lambda client, cycle: client.get_workflow_handle(cycle).cancel())


@doing
def file(scene: Scene, name: str, *lines: str) -> None:
    """A file lies in the folder."""
    (scene.folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


@doing
def crash(scene: Scene, *children: str) -> None:
    """Children of `kierros up` are killed."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((scene.data / f"{child}.pid").read_text()), signal.SIGKILL)


@doing
def freeze(scene: Scene, child: str) -> None:
    """A child of `kierros up` stands where it is, and answers nobody; where it is just being started again, then."""
    scene.until(lambda: stopped(scene.data / f"{child}.pid"), f"{child} runs")


@doing
def power(scene: Scene) -> None:
    """The power fails: everything is killed at once."""
    assert scene.stack is not None
    os.killpg(scene.stack.pid, signal.SIGKILL)
    scene.stack.wait(20)
    scene.stack = None
    crash(scene, *(file.stem for file in scene.data.glob("*.pid")))


@doing
def stop(scene: Scene) -> None:
    """Ctrl-C in the window of `kierros up`."""
    scene.down()


@doing
def newer(scene: Scene) -> None:
    """The next release is installed."""
    code = newer_release(scene.folder / "release")
    scene.variables |= {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}


@doing
def older(scene: Scene) -> None:
    """This release is installed again."""
    del scene.variables["PYTHONPATH"], scene.variables["PYTHONSAFEPATH"]


@doing
def disk_dies(scene: Scene) -> None:
    """Everything in the data folder is gone."""
    scene.store.close()
    power(scene)
    shutil.rmtree(scene.data)


@doing
def new_disk(scene: Scene) -> None:
    """There is a record again."""
    scene.store = open_store(f"sqlite:///{scene.data / 'kierros.db'}")


@doing
def mkdir(scene: Scene, name: str) -> None:
    (scene.folder / name).mkdir()


@doing
def mail_down(scene: Scene) -> None:
    """Nobody answers at the mail server's port any more."""
    scene.variables["KIERROS_SMTP_PORT"] = "1"


@doing
def newer_backup(scene: Scene, file: str, newer: str) -> None:
    """The same backup as a newer release would make it."""
    make_newer(scene.folder / file, scene.folder / newer)


@doing
def gap(scene: Scene) -> None:
    """Somebody has deleted an event from the record's file."""
    delete_event(scene.data / "kierros.db", position=5)


@doing
def locked(scene: Scene, seconds: str) -> None:
    """Another program writes into the record for so long, from now on."""
    scene.ends.enter_context(held(scene.data / "kierros.db", float(seconds)))


@doing
def no_post_office(scene: Scene) -> None:
    """Somebody terminates the workflow that carries the letters."""
    scene.in_temporal(lambda client, _cycle: client.get_workflow_handle(POST_OFFICE_ID).terminate("pressed"))


@doing
def small_disk(scene: Scene) -> None:
    """The data folder lies on a small disk of its own."""
    onto_a_small_disk(scene)


@doing
def disk_full(scene: Scene) -> None:
    """… and that is full now."""
    scene.noted["ballast"] = fill_up(scene)


@doing
def room(scene: Scene) -> None:
    """… and has room again."""
    scene.noted.pop("ballast").unlink()


@doing
def postgresql(scene: Scene) -> None:
    """The record lies in PostgreSQL."""
    scene.noted["server"] = into_postgresql(scene)


@doing
def postgresql_down(scene: Scene) -> None:
    """… which is away now."""
    scene.noted["server"].control("-m", "fast", "-w", "stop")


@doing
def postgresql_up(scene: Scene) -> None:
    """… and is back."""
    scene.noted["server"].control("-w", "-t", "60", "start")


@doing
def postgresql_restarts(scene: Scene) -> None:
    """… which goes down and comes up again."""
    scene.noted["server"].restart("fast")


@doing
def copied(scene: Scene) -> None:
    """Somebody has copied the record's file as it is now."""
    closing = contextlib.closing
    with (
        closing(sqlite3.connect(scene.data / "kierros.db")) as record,
        closing(sqlite3.connect(scene.folder / "copy.db")) as copy,
    ):
        record.backup(copy)


@doing
def put_back(scene: Scene) -> None:
    """The copy stands in the record's place; Temporal's file is as it was."""
    scene.worker.stop()
    scene.store.close()
    for file in scene.data.glob("kierros.db*"):
        file.unlink()
    shutil.copy(scene.folder / "copy.db", scene.data / "kierros.db")
    scene.store = open_store(f"sqlite:///{scene.data / 'kierros.db'}")
    scene.serve()


@doing
def temporal_lost(scene: Scene) -> None:
    """`kierros up` has ended, and Temporal's file is gone."""
    scene.down()
    for file in scene.data.glob("temporal.db*"):
        file.unlink()
