"""The decision that a letter to staff is about, in the words of its reader's language: ``the.decision``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.groups import PREFIX
from letters.library_kinds import N_
from letters.parts import instant, moments

if TYPE_CHECKING:
    from letters.scene import Scene

ROLES = {
    "coordinator": N_("coordinator"),
    "deputy coordinator": N_("deputy coordinator"),
    "director": N_("director"),
    "finance": N_("finance"),
}
"""Roles by the names that plans usually give them."""


class DecisionPart:
    """What waits for staff; a part that was not given is empty."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._prompt = scene.facts.prompt
        self.about = self._prompt.get("about", "")
        self.passed = bool(self._prompt.get("passed"))
        """Whether those who were asked first let its time go by, and it comes to their deputy."""
        self.command = self._prompt.get("command", "")

    @property
    def role(self) -> str:
        """In which its reader decides; one that only this plan has, as the plan says it."""
        named = self._prompt.get("role", "")
        return self._scene.words.gettext(ROLES[named]) if named in ROLES else named

    @property
    def step(self) -> str:
        """The step's title, where the prompt names one by id or in words."""
        named = self._prompt.get("step", "")
        if self.is_word:
            return self._scene.words.gettext("A letter in our own words")
        step = next((s for s in self._scene.plan.steps if s.id == named), None)
        return self._scene.title_of(step) if step else named or self._scene.step_title

    @property
    def is_word(self) -> bool:
        """Whether it is about a letter in staff's own words."""
        return self._prompt.get("step", "").startswith(PREFIX)

    @property
    def is_report(self) -> bool:
        named = self._prompt.get("step", "")
        return any(step.kind == "report" for step in self._scene.plan.steps if step.id == named)

    @property
    def host(self) -> str:
        """The library it is about, where it is about one."""
        named = self._prompt.get("host", "")
        return self._scene.name_of(self._scene.plan.organisation(named)) or named

    @property
    def times(self) -> tuple[str, ...]:
        """The time that a host asks for, where it asks for one."""
        return moments(self._scene, self._prompt.get("begins", ""), self._prompt.get("ends", ""))

    @property
    def due(self) -> str:
        at = instant(self._prompt.get("due", ""))
        return self._scene.words.moment(at, self._scene.home) if at else ""

    @property
    def due_day(self) -> str:
        at = instant(self._prompt.get("due", ""))
        return self._scene.words.short_day(self._scene.at_home(at)) if at else ""

    @property
    def letters(self) -> int:
        number = self._prompt.get("letters", "")
        return int(number) if number.isdecimal() else 0

    @property
    def languages(self) -> str:
        codes = [code.strip() for code in self._prompt.get("languages", "").split(",") if code.strip()]
        return self._scene.words.all_of([self._scene.words.language_name(code) for code in codes])

    @property
    def money(self) -> str:
        cents = self._prompt.get("cents", "")
        if not cents.isdecimal() or not int(cents):
            return ""
        return self._scene.words.money(int(cents), self._scene.plan.budget.currency)

    @property
    def missing(self) -> str:
        """By how much the money is short."""
        short = self._prompt.get("short", "")
        return self._scene.words.money(int(short), self._scene.plan.budget.currency) if short.isdecimal() else ""
