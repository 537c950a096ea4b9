"""The portal as a child of `kierros up`: ``python -m portal``."""

from __future__ import annotations

import argparse
import sys

from portal.server import run
from runtime.settings import read_settings


def main() -> int:
    """Serves until told to leave."""
    parser = argparse.ArgumentParser(prog="python -m portal", description=__doc__)
    parser.add_argument("--parent", type=int, default=None, help="leave when this process is gone")
    args = parser.parse_args()
    return run(read_settings(), parent=args.parent, embedded=args.parent is not None)


if __name__ == "__main__":
    sys.exit(main())
