"""What people are asked as they register: what their hosts have to know, and questions of the plan's own."""

from __future__ import annotations

from typing import Literal

from yaml.nodes import Node, ScalarNode

from exchange.questions import Wanted
from plans.notation import as_id
from plans.questions import choices, twice
from plans.said import said
from plans.section import Section

Need = Literal["diet", "access"]
_KNOWN: dict[str, Need] = {"diet": "diet", "access": "access"}


def read_asked(section: Section) -> tuple[tuple[Need, ...], tuple[Wanted, ...]]:
    """What stands under ``ask``: ``diet``, ``access``, and questions that the plan puts in its own words."""
    needs: dict[Need, None] = {}
    wanted: dict[str, Wanted] = {}
    for number, (node, line) in enumerate(section.items("ask"), 1):
        if isinstance(node, ScalarNode):
            if (words := str(node.value)) in _KNOWN:
                needs[_KNOWN[words]] = None
            else:
                section.note("ask", said(_UNKNOWN, words=words, example=_EXAMPLE), line)
            continue
        question = _written(section, node, number)
        if question.id in wanted or question.id in _KNOWN:
            section.note("ask", twice(question.id), line)
        wanted.setdefault(question.id, question)
    return tuple(needs), tuple(wanted.values())


_UNKNOWN = (
    "“{words}” is nothing that can be asked here; write diet, access or both, or a question of your own: {example}."
)
_EXAMPLE = '{id: travel, ask: "How will you travel?"}'


def _written(section: Section, node: Node, number: int) -> Wanted:
    inner = Section(section.desk, node, (*section.path, "ask", str(number)))
    found = Wanted(
        id=inner.read("id", as_id, f"question-{number}", required=True),
        text=inner.text("ask", required=True, spoken=True),
        choices=choices(inner) if inner.has("choices") else (),
        sensitive=inner.yes("sensitive"),
    )
    inner.finish()
    return found
