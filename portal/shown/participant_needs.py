"""What a person is asked as she registers, and what she told: her needs, and the plan's own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exchange.plan import Registration
from portal.speech import PageWords, mark
from store.own_words import NAMED, NEEDS, OWN
from telling.told import meaning

TITLES = {
    "diet": mark("What I eat"),
    "access": mark("What I need to take part"),
}


@dataclass(frozen=True)
class Needs:
    """What the plan asks of one person, and her answers."""

    words: PageWords
    step: Registration
    kept: Mapping[str, Any]
    """All that she told, by what it is about."""

    def __bool__(self) -> bool:
        return bool(self.asked or self.step.wanted)

    @property
    def asked(self) -> list[str]:
        """What her hosts have to know."""
        return [about for about in NEEDS if about in self.step.ask]

    @property
    def names(self) -> list[str]:
        """Everything that she is asked, as it is kept."""
        named = [NAMED] if "access" in self.asked else []
        return [*self.asked, *named, *(OWN + one.id for one in self.step.wanted)]

    def said(self, about: str) -> str:
        """Her answer as it is kept; empty where there is none."""
        return str(self.kept.get(about, ""))

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Questions and answers, as her page shows them."""
        say = self.words.gettext
        rows = [(say(TITLES[about]), self.said(about) or say("nothing special")) for about in self.asked]
        if self.said("access"):
            shown = say("my hosts may see it") if self.said(NAMED) else say("my hosts do not see it")
            rows.append((say("My name beside it"), shown))
        for one in self.step.wanted:
            spoken = meaning(one, self.said(OWN + one.id), self.words.pick)
            rows.append((self.words.pick(one.text), spoken or say("no answer")))
        return rows
