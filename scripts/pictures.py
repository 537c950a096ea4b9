"""The pictures of the portal's main pages, taken anew from a cycle that is played by hand.

    python -m scripts.pictures            into docs/pictures
    python -m scripts.pictures FOLDER

The playing is a test (``tests/portal/browser/test_whole_cycle.py``), in Chromium, and takes some six minutes. Look at
each picture before you keep it; ``docs/portal.md`` shows them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
PLAYED = "tests/portal/browser/test_whole_cycle.py"
HEAVY = 150_000
"""Bytes that a picture may have."""


def main(folder: Path) -> int:
    """Plays the cycle; only where all of it went well do its pictures take the place of the old ones."""
    with TemporaryDirectory() as taken:
        command = [sys.executable, "-m", "pytest", PLAYED, "-m", "slow", "-q", "-x", "--pictures", taken]
        done = subprocess.run(command, cwd=ROOT, check=False).returncode
        pictures = sorted(Path(taken).glob("*.png"))
        if done or not pictures:
            print("No picture was replaced: the cycle was not played to its end.")
            return done or 1
        heavy = [picture.name for picture in pictures if picture.stat().st_size > HEAVY]
        if heavy:
            print(f"No picture was replaced: {', '.join(heavy)} would have more than {HEAVY // 1000} kB.")
            return 1
        for picture in pictures:
            (folder / picture.name).write_bytes(picture.read_bytes())
            print(f"{picture.stat().st_size / 1000:6.0f} kB  {picture.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"))
