"""What the steps say of each other and of themselves; dates, money and people apart."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.plan import Invitations, Registration, Seminar
from plans.faults import Fault, did_you_mean, listed
from plans.planfile import PlanFile
from plans.said import said
from plans.section import Path


def steps(file: PlanFile) -> Iterator[Fault]:
    """Faults of the references between steps, of places, and of organisations that nobody describes."""
    for step in file.draft.steps:
        if isinstance(step, Invitations):
            yield from _invitations(file, step)
        if isinstance(step, Registration):
            yield from _registration(file, step)
        if isinstance(step, Seminar):
            yield from known(file, ("steps", step.id, "organisation"), step.organisation)
    for one in file.draft.organisations:
        yield from known(file, ("organisations", one.id, "branch_of"), one.branch_of)


def _invitations(file: PlanFile, step: Invitations) -> Iterator[Fault]:
    desks = [desk.id for desk in file.draft.of_kind("registration")]
    if step.registration in desks:
        yield from _closed_before(file, step)
        return
    names = listed((f"“{desk}”" for desk in desks), "or")
    mend = said(" Write {names}.", names=names) if desks else said(" Add a step of kind registration.")
    if step.registration:
        hint = did_you_mean(step.registration, desks) or mend
        unknown = "“{step}” is no registration step of this plan.{hint}"
        sentence = said(unknown, step=step.registration, hint=hint)
    else:
        sentence = said("does not say which registration it invites to.{mend}", mend=mend)
    yield file.fault(("steps", step.id, "registration"), sentence)


def _closed_before(file: PlanFile, step: Invitations) -> Iterator[Fault]:
    ids = [each.id for each in file.draft.steps]
    if ids.index(step.registration) < ids.index(step.id):
        yield file.fault(
            ("steps", step.id, "registration"),
            said(
                "“{desk}” stands before “{step}” and would be closed when its invitations leave; put “{step}” first.",
                desk=step.registration,
                step=step.id,
            ),
        )


def _registration(file: PlanFile, step: Registration) -> Iterator[Fault]:
    path = ("steps", step.id)
    if step.per_library and 0 < step.capacity < step.per_library:
        yield file.fault(
            (*path, "per_library"),
            said(
                "allows {limit} from one library, but there are only {places} places; lower it to {places} or leave "
                "it out.",
                limit=step.per_library,
                places=step.capacity,
            ),
        )
    kinds = {organisation.kind for organisation in file.draft.organisations}
    for kind in step.priority:
        if kind not in kinds:
            hint = did_you_mean(kind, kinds) or said(" There are {known}.", known=listed(sorted(kinds)))
            none = "no organisation is of the kind “{kind}”.{hint}"
            yield file.fault((*path, "priority"), said(none, kind=kind, hint=hint))


def known(file: PlanFile, path: Path, organisation: str | None) -> Iterator[Fault]:
    """A fault where an organisation is named that the plan does not describe."""
    if not organisation:
        return
    ids = [one.id for one in file.draft.organisations]
    if organisation not in ids:
        hint = did_you_mean(organisation, ids) or said(" Describe it under “organisations”.")
        unknown = "“{organisation}” is no organisation of this plan.{hint}"
        yield file.fault(path, said(unknown, organisation=organisation, hint=hint))
