"""A mail server that refuses, hangs, breaks off, or takes a letter without saying so."""

from __future__ import annotations

import time

from tests.engine.faults.scene import Fault, Scene
from tests.engine.installation import until


def in_mood(mood: str, seconds: float = 3.0, letters: int = 1) -> Fault:
    """The server behaves so until it was asked for so many letters, and for so long."""

    def strike(scene: Scene) -> None:
        before = scene.sink.asked[mood]
        scene.sink.mood = mood
        try:
            until(lambda: scene.sink.asked[mood] >= before + letters, within=60, what=f"a letter while it would {mood}")
            time.sleep(seconds)
        finally:
            scene.sink.mood = "take"

    def mend(scene: Scene) -> None:
        """Nobody has to; but a letter that is put off by one fault after another waits longer and longer."""
        until(lambda: not scene.put_off(), within=90, what="letters that were put off leave")

    return Fault(f"mail: {mood}", strike, mend)


FAULTS = (
    in_mood("for now"),
    in_mood("hang", seconds=4),
    in_mood("lose the 250", seconds=0.2),
    in_mood("break off", seconds=1),
)
