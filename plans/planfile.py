"""The plan as its author writes it: a YAML file with the people list beside it.

It is read into the same model that the workflow gets, :class:`exchange.plan.CyclePlan`, in draft: where the workflow
will find references, the draft has what the author wrote. Staff are names, people are names or addresses, and a text
is known by the place where it stands in the plan (its words are in ``PlanFile.texts``). :mod:`plans.split` changes
these for references.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Literal

import yaml
from yaml.nodes import Node

from exchange.base import Text
from exchange.plan import Budget, CyclePlan, Funder, Organisation
from plans.encodings import UnknownEncoding, decode
from plans.faults import Fault, Misread, PlanFaults, errors, in_order
from plans.notation import as_id
from plans.people import PeopleList, read_people
from plans.privacy import read_privacy
from plans.quiet import read_quiet_weeks
from plans.said import said
from plans.section import Desk, Path, Section, line_of
from plans.steps import read_steps
from plans.words import language_code, plain, slug, tidy

NO_YAML = "is no YAML ({problem}); put words with special characters in quotation marks."
LARGEST = 300_000
"""A plan of more bytes than this is something else: a year's plan has 20,000, and reading these takes seconds."""


@dataclass(frozen=True)
class Papers:
    """A plan and its people list that came from somewhere else than a folder: as they were sent."""

    name: str
    """The plan's, as people know it, e.g. ``plan.yaml``."""
    plan: bytes
    people: bytes
    people_name: str = "people.csv"
    formerly: Mapping[str, str] = field(default_factory=dict)
    """By what people were known before: see :class:`plans.people.PeopleList`."""


@dataclass(frozen=True)
class PlanFile:
    """A plan that could be read. Whether it makes sense is for :func:`plans.check_plan` to say."""

    path: FilePath
    people: FilePath
    """Its people list: the file named under ``people``, beside the plan."""
    draft: CyclePlan
    """The plan with names where the workflow will have references."""
    texts: dict[str, Text]
    """Reasons and letter paragraphs by the place where they stand, e.g. ``steps.visits.letter``."""
    lines: dict[Path, int]
    """Where things stand: path to line, from 1."""
    digest: str = ""
    """SHA-256 of the file as it was read."""
    papers: Papers | None = None
    """The papers, where it came as such and not from a folder."""

    def line(self, *path: str) -> int:
        """The line of a field, or of the nearest thing around it."""
        return line_of(self.lines, path)

    def fault(self, path: Path, sentence: str, severity: Literal["error", "warning"] = "error") -> Fault:
        """A fault at a field."""
        return Fault(self.path.name, self.line(*path), ".".join(path), sentence, severity)

    def at_start(self, path: Path, sentence: str) -> Fault:
        """A warning that follows from the moment of the start."""
        return replace(self.fault(path, sentence, "warning"), at_start=True)


def read_plan(path: FilePath | str | Papers) -> PlanFile:
    """Reads a plan file, or a plan that was sent.

    Raises:
        PlanFaults: it cannot be read: no such file, no YAML, or fields that are missing or misread. All at once.
    """
    file, faults = load(path if isinstance(path, Papers) else FilePath(path))
    if file is None or errors(faults):
        raise PlanFaults(faults)
    return file


def people_of(file: PlanFile) -> PeopleList:
    """The people list beside a plan."""
    source = file.papers.people if file.papers else file.people
    people = read_people(source, file.people.name, file.draft.organisations)
    return replace(people, formerly=file.papers.formerly) if file.papers else people


def load(source: FilePath | Papers) -> tuple[PlanFile | None, tuple[Fault, ...]]:
    """Reads as much of a plan as can be read, with every fault of notation.

    Returns:
        The plan, with stand-ins where something is wrong (nothing at all where it is no YAML), and its faults.
    """
    papers = source if isinstance(source, Papers) else None
    path = FilePath(source.name) if isinstance(source, Papers) else source
    try:
        data = _bytes(path, papers)
        node = _compose(path, data)
    except PlanFaults as why:
        return None, why.faults
    desk = Desk(path.name)
    top = Section(desk, node, ())
    desk.languages = _languages(top)
    draft, texts = _draft(top)
    people = top.words("people") or "people.csv"
    top.finish()
    digest = hashlib.sha256(data).hexdigest()
    list_ = FilePath(papers.people_name) if papers else path.parent / people
    return PlanFile(path, list_, draft, texts, desk.lines, digest, papers), in_order(desk.faults)


def _bytes(path: FilePath, papers: Papers | None) -> bytes:
    try:
        data = papers.plan if papers else path.read_bytes()
    except OSError as why:
        reason = why.strerror or str(why)
        raise _whole(path, f"cannot be opened ({reason}); check the name and that you may read it.") from None
    if len(data) > LARGEST:
        raise _whole(path, said("is far too large for a plan; is it the right file?"))
    return data


def _compose(path: FilePath, data: bytes) -> Node:
    try:
        node = yaml.compose(decode(data), Loader=yaml.SafeLoader)
    except UnknownEncoding as why:
        raise _whole(path, str(why)) from None
    except yaml.MarkedYAMLError as why:
        raise _whole(path, _explained(why), _line(why)) from None
    except yaml.YAMLError as why:
        raise _whole(path, said(NO_YAML, problem=" ".join(str(why).split()))) from None
    except RecursionError:
        raise _whole(path, said("is nested too deeply for a plan; is it the right file?")) from None
    if node is None:
        raise _whole(path, said("is empty; `kierros new` writes a plan to begin with."))
    return node


def _whole(path: FilePath, sentence: str, line: int = 0) -> PlanFaults:
    return PlanFaults([Fault(path.name, line, "", sentence)])


def _line(why: yaml.MarkedYAMLError) -> int:
    """Where to look: for what is never closed where it opens, else where reading stopped."""
    opened = "quoted scalar" in (why.context or "") or "flow" in (why.context or "")
    opened = opened and not (why.problem or "").endswith("but got '?'")
    mark = (why.context_mark if opened else None) or why.problem_mark or why.context_mark
    return mark.line + 1 if mark else 0


def _explained(why: yaml.MarkedYAMLError) -> str:
    problem, context = why.problem or "it cannot be read", why.context or ""
    lines = "is indented differently from its neighbours, or lacks a colon; line it up with the lines around it."
    asked = "has a question mark between brackets, where YAML reads it otherwise; put the words in quotation marks."
    never_closed = "unexpected end of stream" in problem or "expected ',' or" in problem or "quoted scalar" in context
    colon = "has a colon where none can stand; put the words in quotation marks, or mend the indentation."
    known = (
        ("\\t" in problem, said("begins with a tab; indent with blanks instead.")),
        ("mapping values are not allowed" in problem, said(colon)),
        ("expected <block end>" in problem or "could not find expected ':'" in problem, said(lines)),
        (problem.endswith("but got '?'"), said(asked)),
        (never_closed, said("opens a quotation mark or bracket that is never closed; close it.")),
        (
            "undefined alias" in problem,
            said("begins with “*”, which YAML reads as a reference; put the words in quotation marks."),
        ),
    )
    otherwise = said(NO_YAML, problem=problem)
    return next((sentence for holds, sentence in known if holds), otherwise)


def _languages(top: Section) -> tuple[str, ...]:
    codes = []
    for raw, line in top.lines("languages"):
        code = language_code(raw)
        if code and code not in codes:
            codes.append(code)
        elif not code:
            top.note(
                "languages", said("“{words}” is no language code; use en, fi, ru, sv and the like.", words=raw), line
            )
    return tuple(codes) or ("en",)


def _draft(top: Section) -> tuple[CyclePlan, dict[str, Text]]:
    programme, programme_name = _named(top, "programme")
    theme, theme_name = _named(top, "theme")
    year = top.count("year", 0, required=True, least=1900)
    zone = top.zone("zone", "", required=True)
    organisations = _organisations(top, zone)
    zones = {organisation.id: organisation.zone for organisation in organisations}
    steps, texts = read_steps(top, zone, zones)
    draft = CyclePlan(
        id=f"cycle-{programme}-{year}-{theme}",
        programme=programme,
        programme_name=programme_name,
        theme=theme,
        theme_name=theme_name,
        year=year,
        languages=top.desk.languages,
        zone=zone or "UTC",
        roles=_roles(top),
        organisations=organisations,
        budget=_budget(top),
        quiet_weeks=read_quiet_weeks(top),
        privacy=read_privacy(top),
        steps=steps,
    )
    return draft, texts


def _named(top: Section, key: str) -> tuple[str, Text]:
    """Something with a name and an id: ``{id: …, name: …}``, or the name alone, of which the id is made."""
    section = None if top.is_single(key) else top.section(key, required=True)
    if section is not None and section.has("name"):
        name = section.text("name", required=True, spoken=True)
        ident = section.read("id", as_id, slug(_first(name)), required=not slug(_first(name)))
        section.finish()
        return ident, name
    name = top.text(key, spoken=True) if top.has(key) else {}
    ident = slug(_first(name))[:60].strip("-")
    if name and not ident:
        lacks = "needs an id of Latin letters; write “{key}: {{id: …, name: …}}” or give its English name."
        top.note(key, said(lacks, key=key))
    return ident, name


def _first(text: Text) -> str:
    return text.get("en") or next(iter(text.values()), "")


def _roles(top: Section) -> dict[str, tuple[str, ...]]:
    section = top.section("roles", required=True)
    if section is None:
        return {}
    roles = {}
    for key in section.names():
        names = dict.fromkeys(tidy(name) for name, _ in section.lines(key, required=True))
        roles[plain(key)] = tuple(names)
        section.desk.lines[("roles", plain(key))] = section.desk.lines[("roles", key)]
    return roles


def _organisations(top: Section, zone: str) -> tuple[Organisation, ...]:
    section = top.section("organisations", required=True)
    if section is None:
        return ()
    return tuple(_organisation(section, key, zone) for key in section.names())


def _organisation(around: Section, key: str, zone: str) -> Organisation:
    try:
        as_id(key)
    except Misread as why:
        around.note(key, str(why))
    if around.is_single(key):
        return Organisation(id=key, name=around.text(key, required=True), zone=zone)
    section = around.section(key, required=True)
    if section is None:
        return Organisation(id=key, name={}, zone=zone)
    found = Organisation(
        id=key,
        name=section.text("name", required=True),
        kind=section.words("kind") or "municipal public library",
        country=section.read("country", _country, ""),
        city=section.words("city"),
        zone=section.zone("zone", zone),
        strengths=tuple(words for words, _ in section.lines("strengths")),
        branch_of=section.words("branch_of") or None,
    )
    section.finish()
    return found


def _country(words: str) -> str:
    if len(words) == 2 and words.isascii() and words.isalpha():
        return words.upper()
    raise Misread(said("“{words}” is no country code; write two letters, e.g. FI, SE, DK, NO, LT or RU.", words=words))


def _currency(words: str) -> str:
    if len(words) == 3 and words.isascii() and words.isalpha():
        return words.upper()
    raise Misread(said("“{words}” is no currency code; write three letters, e.g. EUR, SEK, DKK or NOK.", words=words))


def _budget(top: Section) -> Budget:
    section = top.section("budget", required=True)
    if section is None:
        return Budget()
    funders = []
    for funder in section.sections("funders", named=False):
        funders.append(Funder(name=funder.text("name", required=True), cents=funder.cents("pays", required=True)))
        funder.finish()
    currency = section.read("currency", _currency, "EUR")
    found = Budget(currency=currency, cap=section.cents("cap", required=True), funders=tuple(funders))
    section.finish()
    return found
