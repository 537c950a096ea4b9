"""What a plan asks of people: the questions of a feedback form, and those beside a registration."""

from __future__ import annotations

from typing import Literal

from exchange.base import Model, Text


class Question(Model):
    """One question of a feedback form."""

    id: str
    text: Text
    form: Literal["scale", "choice", "text"] = "scale"
    """``scale``: 1 to 5, labelled; ``choice``: one of ``choices``; ``text``: free words."""
    choices: tuple[Text, ...] = ()


class Wanted(Model):
    """Something else that people are asked as they register, in the plan's own words; only staff read the answers."""

    id: str
    text: Text
    choices: tuple[Text, ...] = ()
    """One of these is the answer; free words where there are none."""
    sensitive: bool = False
    """Read only by those who look after the group, like what somebody eats."""
