"""The portal's process: what it has ready before the first reader comes."""

from __future__ import annotations

import gc
import sys

from portal.look import templates
from portal.server import COLLECTS, SWITCHES, even, warm
from portal.speech import NAMES, words_in


def test_the_first_reader_waits_for_nothing_to_be_loaded():
    words_in.cache_clear()

    warm()

    environment = templates()
    wanted = set(environment.list_templates(extensions=["jinja"]))
    assert environment.cache is not None
    assert wanted <= {name for _, name in environment.cache}
    assert words_in.cache_info().currsize == len(NAMES)
    assert "workers.telling" in sys.modules


def test_threads_take_turns_often_and_garbage_is_looked_for_seldom():
    before = sys.getswitchinterval(), gc.get_threshold()
    try:
        even()
        assert (sys.getswitchinterval(), gc.get_threshold()) == (SWITCHES, COLLECTS)
        assert gc.get_freeze_count() > 0
    finally:
        sys.setswitchinterval(before[0])
        gc.set_threshold(*before[1])
        gc.unfreeze()
