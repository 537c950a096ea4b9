"""A worker as a child of `kierros up`: ``python -m workers --queue cycles``."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from runtime.log import configure
from runtime.settings import read_settings
from workers.run import QUEUES, serve


def main() -> int:
    """Serves one queue until told to leave."""
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    parser.add_argument("--queue", choices=QUEUES, default="all")
    parser.add_argument("--parent", type=int, default=None, help="leave when this process is gone")
    args = parser.parse_args()
    settings = read_settings()
    configure(settings.log_level)
    return asyncio.run(serve(settings, args.queue, parent=args.parent))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(
        code
    )  # a process that used temporalio may abort in its exit handlers after its work is done (sdk-python#300)
