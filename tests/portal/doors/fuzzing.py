"""So many requests by chance, each of them judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, seed, settings

from portal.app import build_app
from tests.portal.doors.asking import Ask, ask
from tests.portal.doors.given import Ways, requests
from tests.portal.doors.judging import Judge, Wrong, no_key_in
from tests.portal.doors.town import Town

ROUND = 100
"""After so many requests the cycles decide what was answered, and staff sign in again."""


def fuzz(town: Town, chance: int, most: int, said: Callable[[], str]) -> Counter[str]:
    """Asks so many times, and gives back how often which status came.

    Args:
        town: whose portal it is.
        chance: the seed.
        most: how many requests.
        said: what has been logged since it was last asked.

    Raises:
        Wrong: an answer may not be.
    """
    loop = asyncio.new_event_loop()
    app, ways, seen = build_app(town.house), Ways(town), Counter[str]()
    judge, wrong = Judge(town), list[Wrong]()

    @seed(chance)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(ways))
    def asked(one: Ask) -> None:
        if wrong:  # the record has changed since: to ask the same again would prove nothing
            return
        try:
            if seen.total() % ROUND == ROUND - 1:
                _on(town)
                judge.settle()
                no_key_in(said(), town)
            answer = loop.run_until_complete(ask(app, one))
            seen[f"{one.method} {answer.status}"] += 1
            judge.look(one, answer)
        except Wrong as why:
            wrong.append(why)

    try:
        loop.run_until_complete(ways.learn(app, judge, every=1 if most > 1_000 else 8))
        asked()
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    for why in wrong:
        raise why
    no_key_in(said(), town)
    return seen


def _on(town: Town) -> None:
    """Life goes on."""
    town.clock["now"] += timedelta(minutes=1)
    for cycle in town.cycles[:2]:
        if town.store.cycle(cycle).open:
            town.decide(cycle, town.clock["now"])
    town.sign_in()
