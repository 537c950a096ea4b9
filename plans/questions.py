"""The questions of a feedback form: written out, or taken ready-made by name."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode

from exchange.base import Text
from exchange.questions import Question
from plans.faults import did_you_mean, listed
from plans.headings import people_column
from plans.notation import as_id
from plans.ready import CHOICES, QUESTIONS, in_languages
from plans.said import said
from plans.section import Section
from plans.tables import heading_key


def read_questions(section: Section) -> tuple[Question, ...]:
    """The questions under ``questions``: each a group of its own, or the name of a ready-made one."""
    found: dict[str, Question] = {}
    for number, (node, line) in enumerate(section.items("questions", required=True), 1):
        question = _ready(section, node, line) if isinstance(node, ScalarNode) else _written(section, node, number)
        if question is None:
            continue
        key = heading_key(question.id)
        if key in found:
            section.note("questions", twice(question.id), line)
        found.setdefault(key, question)
    return tuple(found.values())


def twice(ident: str) -> str:
    """That two questions have one id."""
    return said("the id “{id}” is used twice; give one question another.", id=ident)


def _ready(section: Section, node: ScalarNode, line: int) -> Question | None:
    question = QUESTIONS.get(str(node.value))
    if question is None:
        hint = did_you_mean(node.value, QUESTIONS) or said(" Ready-made are {known}.", known=listed(QUESTIONS))
        unknown = "“{name}” is no ready-made question.{hint}"
        section.note("questions", said(unknown, name=str(node.value), hint=hint), line)
        return None
    languages = section.desk.languages
    choices = tuple(in_languages(choice, languages) for choice in question.choices)
    return question.model_copy(update={"text": in_languages(question.text, languages), "choices": choices})


def _written(section: Section, node: Node, number: int) -> Question:
    inner = Section(section.desk, node, (*section.path, "questions", str(number)))
    form = inner.one_of("form", ["scale", "choice", "text"], "" if inner.has("form") else "scale")
    ident = inner.read("id", as_id, f"question-{number}", required=True)
    if heading_key(ident) == "person" or people_column(heading_key(ident)) in {"address", "either"}:
        taken = "“{id}” names the column of the person in feedback files; choose another."
        inner.note("id", said(taken, id=ident))
    question = Question(
        id=ident,
        text=inner.text("ask", required=True, spoken=True),
        form=form or "text",  # type: ignore[arg-type]  # one of these three
        choices=_choices(inner, form),
    )
    inner.finish()
    return question


def _choices(section: Section, form: str) -> tuple[Text, ...]:
    if not section.has("choices"):
        if form == "choice":
            missing = "“choices” is missing; list the answers, or name ready-made ones: {known}."
            section.note("choices", said(missing, known=listed(CHOICES, "or")))
        return ()
    if form in {"scale", "text"}:
        none = "a question of the form “{form}” has no choices; leave them out or write “form: choice”."
        section.note("choices", said(none, form=form))
    return choices(section)


def choices(section: Section) -> tuple[Text, ...]:
    """The answers to choose from under ``choices``: written out, or a ready-made list by its name."""
    if section.is_single("choices"):
        return _ready_choices(section)
    found = tuple(_choice(section, node, number) for number, (node, _) in enumerate(section.items("choices"), 1))
    if len(found) < 2:
        section.note("choices", said("has fewer than two answers to choose from; add some."))
    return found


def _ready_choices(section: Section) -> tuple[Text, ...]:
    name = section.words("choices")
    if name not in CHOICES:
        unknown = "“{name}” is no ready-made list; there are {known}.{hint}"
        section.note("choices", said(unknown, name=name, known=listed(CHOICES), hint=did_you_mean(name, CHOICES)))
    return tuple(in_languages(choice, section.desk.languages) for choice in CHOICES.get(name, ()))


def _choice(section: Section, node: Node, number: int) -> Text:
    path = (*section.path, "choices", str(number))
    if isinstance(node, MappingNode):
        return Section(section.desk, node, path).as_text(spoken=True, lines=False)
    # One value is read like any other: as the only field of a section around it.
    key = ScalarNode("tag:yaml.org,2002:str", str(number), node.start_mark, node.end_mark)
    around = MappingNode("tag:yaml.org,2002:map", [(key, node)], node.start_mark, node.end_mark)
    return Section(section.desk, around, path[:-1]).text(str(number), spoken=True)
