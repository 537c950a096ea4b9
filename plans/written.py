"""A plan as a file again, as it stands now: to be edited, and the cycle amended by it.

What is read from it is the plan that it was written from; only comments and notations of the first author are gone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from exchange.base import Text
from exchange.plan import Budget, Candidate, CyclePlan, Invitations, Organisation, Privacy, Seminar, Session, Visits
from exchange.walk import found
from plans.headings import Part
from plans.planfile import Papers
from plans.split import PersonRow
from plans.steps_written import Writing, step_of

HEADINGS = ("name", "address", "language", "library", "part", "zone")
_PARTS = {"invitee": "participant", "contact": "contact", "speaker": "speaker"}


def plan_written(
    plan: CyclePlan, people: Iterable[PersonRow], staff: Mapping[str, str], texts: Mapping[str, Text]
) -> Papers:
    """The plan and its people list.

    Args:
        plan: as it stands, of a cycle in earnest.
        people: everybody whom the cycle knows; the list names those of the plan.
        staff: reference to name.
        texts: reference to words: letters' paragraphs and reasons.
    """
    listed = people_of_plan(plan, people)
    listed += _erased(plan, {one.ref for one in listed})
    said = Writing(plan, {one.ref: _called(one, listed) for one in listed}, texts)
    parts = [_head(plan, said), _roles(plan, staff), _budget(plan.budget, said), _organisations(plan, said)]
    steps = {"steps": [step_of(step, said) for step in plan.steps]}
    about = f"# {plan.id}, version {plan.revision}: the plan as it stands.\n# Edit it, and amend the cycle by it.\n"
    words = "\n".join([about, *(_yaml(part) for part in [*parts, steps] if part)])
    return Papers("plan.yaml", words.encode(), _sheet(plan, listed), "people.csv")


def people_of_plan(plan: CyclePlan, people: Iterable[PersonRow]) -> list[PersonRow]:
    """Those whom the plan invites, in its order, then those whom it asks and those who speak."""
    known = {one.ref: one for one in people}
    invited = [ref for step in plan.steps if isinstance(step, Invitations) for ref in step.people]
    stays = [slot for step in plan.steps if isinstance(step, Visits) for slot in step.slots]
    parts: dict[str, str] = dict.fromkeys(invited, "invitee")
    for candidate in (candidate for slot in stays for candidate in slot.candidates):
        parts.setdefault(candidate.contact, "contact")
    for ref in plan.contacts.values():
        parts.setdefault(ref, "contact")
    for session in (one for step in plan.steps if isinstance(step, Seminar) for one in step.sessions):
        parts.setdefault(session.speaker or "", "speaker")
    for one in known.values():
        if one.part in {"contact", "speaker"}:
            parts.setdefault(one.ref, one.part)
    return [_as(known[ref], part) for ref, part in parts.items() if ref in known]


def erased_address(ref: str) -> str:
    """What stands for the address of somebody erased: the plan goes on meaning her, and nobody is written to."""
    return f"{ref}@erased.invalid"


def _erased(plan: CyclePlan, there: set[str]) -> list[PersonRow]:
    """Rows for those whom a seminar or a stay of the plan names and of whom nothing is kept any more."""
    candidates = found(plan, Candidate)
    named: dict[str, tuple[Part, str]] = {one.contact: ("contact", one.host) for one in candidates if one.contact}
    for session in found(plan, Session):
        named.setdefault(session.speaker or "", ("speaker", ""))
    language, zone = plan.languages[0], plan.zone
    return [
        PersonRow(ref, f"{ref} (erased)", erased_address(ref), erased_address(ref), language, zone, home, part)
        for ref, (part, home) in named.items()
        if ref and ref not in there
    ]


def _as(one: PersonRow, part: str) -> PersonRow:
    return PersonRow(**{**vars(one), "part": part})


def _called(one: PersonRow, listed: list[PersonRow]) -> str:
    """By the name; where two have it, by the address."""
    alike = [other for other in listed if other.name.casefold() == one.name.casefold()]
    return one.name if len(alike) == 1 else one.address


def _sheet(plan: CyclePlan, listed: list[PersonRow]) -> bytes:
    sheet = io.StringIO(newline="")
    out = csv.writer(sheet)
    out.writerow(HEADINGS)
    for one in listed:
        home = plan.organisation(one.home)
        usual = home.zone if home else plan.zone
        zone = "" if one.zone == usual else one.zone
        out.writerow([one.name, one.address, one.language, one.home, _PARTS[one.part], zone])
    return sheet.getvalue().encode("utf-8-sig")  # so that a spreadsheet reads its letters right


# -- the parts of the plan ---------------------------------------------------------------------------------------------


def _head(plan: CyclePlan, said: Writing) -> dict[str, Any]:
    head: dict[str, Any] = {
        "programme": {"id": plan.programme, "name": said.text(plan.programme_name)},
        "theme": {"id": plan.theme, "name": said.text(plan.theme_name)},
        "year": plan.year,
        "languages": list(plan.languages),
        "zone": plan.zone,
        "people": "people.csv",
    }
    if plan.quiet_weeks:
        head["quiet_weeks"] = [f"{weeks.first}..{weeks.last}" for weeks in plan.quiet_weeks]
    if plan.privacy != Privacy():
        months = f"{plan.privacy.keep_months} months" if plan.privacy.keep_months else ""
        purpose, who = said.text(plan.privacy.purpose), said.text(plan.privacy.answers_for)
        head["privacy"] = kept({"keep_personal_data": months, "purpose": purpose, "answers_for": who})
    return head


def kept(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {key: value for key, value in fields.items() if value not in ("", None, [], {}, ())}


def _roles(plan: CyclePlan, staff: Mapping[str, str]) -> dict[str, Any]:
    def one(refs: tuple[str, ...]) -> Any:
        names = [staff[ref] for ref in refs if ref in staff]
        return names[0] if len(names) == 1 else names

    return {"roles": {role: one(refs) for role, refs in plan.roles.items()}}


def _budget(budget: Budget, said: Writing) -> dict[str, Any]:
    funders = [{"name": said.text(one.name), "pays": said.money(one.cents)} for one in budget.funders]
    return {"budget": kept({"currency": budget.currency, "cap": said.money(budget.cap), "funders": funders})}


def _organisations(plan: CyclePlan, said: Writing) -> dict[str, Any]:
    return {"organisations": {one.id: _organisation(one, plan, said) for one in plan.organisations}}


def _organisation(one: Organisation, plan: CyclePlan, said: Writing) -> dict[str, Any]:
    return kept(
        {
            "name": said.text(one.name),
            "kind": one.kind if one.kind != Organisation.model_fields["kind"].default else "",
            "country": one.country,
            "city": one.city,
            "zone": one.zone if one.zone != plan.zone else "",
            "strengths": list(one.strengths),
            "branch_of": one.branch_of,
        }
    )


class _Tidy(yaml.SafeDumper):
    """Several lines of words stand as they are; nothing is abbreviated by a reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - items stand in
        super().increase_indent(flow, False)


def _words(dumper: yaml.SafeDumper, words: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style="|" if "\n" in words else None)


_Tidy.add_representer(str, _words)


def _yaml(part: dict[str, Any]) -> str:
    return yaml.dump(part, Dumper=_Tidy, allow_unicode=True, sort_keys=False, width=110)
