"""What it costs to ask the terminal what needs no engine: wall time beside an empty Python, and no temporalio."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bench.figures import Line, Progress, watch
from bench.ground import ROOT, folder

ASKED: tuple[tuple[str, ...], ...] = (("--help",), ("list",), ("show",), ("waiting",))
"""Commands that must never import temporalio."""
TIMES = 7

LOOK = """
import sys
from cli.main import main
sys.argv[0] = "kierros"
try:
    main()
except SystemExit:
    pass
found = sorted({name.partition(".")[0] for name in sys.modules} & {"temporalio"})
sys.stderr.write(f"\\nimported: {','.join(found)}\\n")
"""


async def imported(arguments: tuple[str, ...], data: Path) -> str:
    """Which of the modules that must not be imported the command has imported; empty where none."""
    _, said = await _run([sys.executable, "-c", LOOK, *arguments], data)
    return said.rpartition("imported: ")[2].strip()


async def _run(command: list[str], data: Path) -> tuple[float, str]:
    with watch() as passed:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "KIERROS_DATA": str(data)},
        )
        _, said = await child.communicate()
    return passed.seconds, said.decode()


async def measure(progress: Progress) -> list[Line]:
    """For each command its wall time, and how many of them import temporalio."""
    with folder() as data:
        commands = {" ".join(("kierros", *asked)): asked for asked in ASKED}
        guilty = 0
        for name, asked in commands.items():
            progress(f"what {name} imports")
            guilty += bool(await imported(asked, data))
        times: dict[str, list[float]] = {name: [] for name in ("", *commands)}
        for number in range(TIMES):
            progress(f"round {number + 1} of {TIMES}")
            times[""].append(1000 * (await _run([sys.executable, "-c", "pass"], data))[0])
            for name, asked in commands.items():
                command = [sys.executable, "-c", "from cli.main import main; main()", *asked]
                times[name].append(1000 * (await _run(command, data))[0])
    floor = times.pop("")
    return [
        Line("commands that import temporalio", [guilty], unit=f"of {len(commands)}", goal=0),
        *(Line(name, spent, floor, "ms", floor_is="python -c pass") for name, spent in times.items()),
    ]
