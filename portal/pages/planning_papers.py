"""The plan and the people list of a cycle as files: as they stand, and as staff send them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from exchange.plan import Visits
from plans.planfile import Papers
from plans.split import PersonRow
from plans.written import plan_written
from portal.faults import PracticeStays
from portal.papers import download
from portal.staff import Case, Colleague, signed_in

YAML, CSV = "application/yaml; charset=utf-8", "text/csv; charset=utf-8"


def standing(case: Case) -> Papers:
    """The plan as it stands now, written as its file would be."""
    store, plan = case.who.house.store, case.state.plan
    people = [
        PersonRow(**{name: getattr(one, name) for name in PersonRow.__dataclass_fields__})
        for one in store.people(case.id)
    ]
    staff = {one.ref: one.name for one in store.staff(everybody=True)}
    letters = [step.letter for step in plan.steps if step.letter]
    stays = [slot for step in plan.steps if isinstance(step, Visits) for slot in step.slots]
    reasons = [candidate.reason for slot in stays for candidate in slot.candidates if candidate.reason]
    return plan_written(plan, people, staff, store.get_texts([*letters, *reasons]))


@signed_in
def plan_file(_request: Request, who: Colleague) -> Response:
    """The plan, to be edited."""
    case = in_earnest(who.case(_request.path_params["cycle"]))
    return download(standing(case).plan, YAML, f"{case.id}.yaml")


@signed_in
def people_file(_request: Request, who: Colleague) -> Response:
    """The people list that stands beside it."""
    case = in_earnest(who.case(_request.path_params["cycle"]))
    return download(standing(case).people, CSV, f"{case.id}-people.csv")


def in_earnest(case: Case) -> Case:
    """The cycle, where its plan is one that can be changed.

    Raises:
        PracticeStays: it is a practice run.
    """
    if case.row.practice:
        raise PracticeStays(case.here)
    return case


routes = [
    Route("/staff/cycles/{cycle}/plan.yaml", plan_file, methods=["GET"]),
    Route("/staff/cycles/{cycle}/people.csv", people_file, methods=["GET"]),
]
