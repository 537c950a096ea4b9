"""``python -m bench [NAME …] [--json]``: measures, and prints what it found beside its floors and goals."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import sys
from typing import Any

from bench.figures import Line, Progress, table

NAMES = (
    "imports", "size", "replay", "answer", "registrations", "throughput", "recovery", "memory", "letters",
    "portal", "slow", "rush", "opening",
)  # fmt: skip
"""Each is a module here with a coroutine function ``measure``."""
LONGEST = 600.0
"""Seconds after which one measurement is given up."""


def measured(name: str) -> list[Line]:
    """The lines of one measurement."""
    progress = Progress(name)
    measure: Any = importlib.import_module(f"bench.{name}").measure
    try:
        found: list[Line] = asyncio.run(asyncio.wait_for(measure(progress), LONGEST))
        return found
    finally:
        progress.done()


def main() -> int:
    """Runs what was asked for, in the given order; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(NAMES)}; all by default")
    parser.add_argument("--json", action="store_true", help="the figures as JSON on stdout")
    args = parser.parse_args()
    if unknown := set(args.names) - set(NAMES):
        parser.error(f"there is no measurement called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    found: dict[str, list[Line]] = {}
    for name in args.names or NAMES:
        found[name] = measured(name)
        if not args.json:
            print(f"{name}\n" + "\n".join(f"  {row}" for row in table(found[name])) + "\n", flush=True)
    if args.json:
        load = os.getloadavg()[0]
        data = {name: [line.data() for line in lines] for name, lines in found.items()}
        print(json.dumps({"cores": os.cpu_count(), "load": load, "measurements": data}, indent=2))
    return int(any(line.met is False for lines in found.values() for line in lines))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a process that used temporalio may abort in its exit handlers (sdk-python#300)
