"""The portal as a process: ``python -m portal``, which `kierros portal` and `kierros up` run."""

from __future__ import annotations

import argparse
import sys

from portal.server import run
from runtime.keys import KeyFault
from runtime.settings import SettingsFault, read_settings
from store.faults import StoreFault
from workers.ports import PortTaken


def main() -> int:
    """Serves until told to leave."""
    parser = argparse.ArgumentParser(prog="python -m portal", description=__doc__)
    parser.add_argument("--parent", type=int, default=None, help="leave when this process is gone")
    parser.add_argument("--socket", type=int, default=None, help="listen on this descriptor")
    args = parser.parse_args()
    try:
        return run(
            read_settings(), door=args.socket, parent=args.parent, embedded=args.parent is not None, announce=_announce
        )
    except (SettingsFault, KeyFault, PortTaken, StoreFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


def _announce(address: str) -> None:
    sys.stderr.write(f"The portal serves at {address}. Ctrl-C stops it.\n")


if __name__ == "__main__":
    sys.exit(main())
