"""Starting a cycle in the browser: its plan and people list are sent, the year is shown, and then it begins."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from letters.catalogues import languages
from plans import PEOPLE, Fault, Papers, PlanFaults, Split, Wishes, check_plan, new_plan, people_of, read_plan
from plans.faults import shown
from portal.forms import Field, Form
from portal.pages.planning import UPLOAD, papers_asked, plan_sent, words_of_plan
from portal.pages.planning_faults import Judging, papers_of
from portal.pages.planning_papers import CSV, YAML
from portal.papers import download
from portal.shown.faults import told
from portal.shown.planning import Year
from portal.staff import Colleague, signed_in, staff_page
from portal.uploads import Sent, sent
from runtime.engine import EngineUnreachable
from store.faults import AnotherPlan
from workers import desk
from workers.starting import cycle_of, keep, roster, started_before, taken_apart

MINUTES = {"10": 10, "30": 30, "480": 480}
"""How long a practice run may take."""
HERE = "/staff/start"


@dataclass(frozen=True)
class Wanted:
    """What was sent, and how it is to be started."""

    who: Colleague
    plan: Sent
    people: Sent
    practice: float | None
    """Seconds of a practice run; None in earnest."""

    @property
    def papers(self) -> Papers:
        return papers_of(self.plan, self.people)

    def split(self) -> tuple[list[Fault], Split]:
        """What is odd about the plan, and the plan taken apart; nothing is kept.

        Raises:
            PlanFaults: it cannot be started.
            AnotherPlan: its id belongs to another cycle.
        """
        house, store = self.who.house, self.who.house.store
        now, staff = house.now(), roster(store)
        faults = check_plan(self.papers, staff, None if self.practice else now, written=languages())
        if not faults or all(fault.line or fault.severity != "error" for fault in faults):
            file = read_plan(self.papers)  # raises what it cannot read
            people = people_of(file)
            cycle = cycle_of(store, file, people, practice=self.practice is not None)
            if not started_before(store, cycle, file, people):
                self._refuse(faults)
            return faults, taken_apart(store, cycle, file, people, self.who.ref, now, self.practice)
        raise PlanFaults(faults)

    def _refuse(self, faults: list[Fault]) -> None:
        """Faults; and words that were there to be replaced, where letters leave for real."""
        unwritten = self.practice is None and _live(self.who) and any(fault.unwritten for fault in faults)
        if unwritten or any(fault.severity == "error" for fault in faults):
            raise PlanFaults(faults)


def _form(who: Colleague, *, words: str | None = None) -> Form:
    say = who.words.gettext
    plan = papers_asked(who.words, say("The plan"), say("The plan’s words"), words)
    people = Field("people", say("Its people list"), kind="file", hint=say("CSV or XLSX."))
    options = [("earnest", say("In earnest")), *((key, _practice(who, minutes)) for key, minutes in MINUTES.items())]
    how = Field("how", say("How is it to be started?"), kind="radios", options=options)
    return Form(who.words, [*plan, people, how])


def _practice(who: Colleague, minutes: int) -> str:
    many = who.words.ngettext
    if minutes % 60:
        return many(
            "As practice, in which the year takes %(num)s minute; nothing leaves this computer",
            "As practice, in which the year takes %(num)s minutes; nothing leaves this computer", minutes,
        )  # fmt: skip
    return many(
        "As practice, in which the year takes %(num)s hour; nothing leaves this computer",
        "As practice, in which the year takes %(num)s hours; nothing leaves this computer", minutes // 60,
    )  # fmt: skip


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The form."""
    return _page(request, who, _form(who))


def _page(
    request: Request, who: Colleague, form: Form, faults: list[Fault] | None = None, people: Sent | None = None
) -> Response:
    first, more = shown(faults or [])
    people = None if "people" in form.errors else people  # a list that was refused has to be sent anew
    return staff_page(
        request, who, "planning/start.jinja", 422 if form.errors else 200, form=form,
        faults=told(who.words, first), more=more,
        hidden=people.carried("people") if people else [], people=people,
    )  # fmt: skip


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows the year; from that page, starts it."""
    typed = request.state.form
    plan, people, change = plan_sent(typed), sent(typed, "people", "people.csv"), typed.word("deed") == "change"
    form = _form(who, words=words_of_plan(plan) if plan else None).read(typed)
    form.errors.pop("text", None)
    if plan is None:
        form.wrong("plan", who.words.gettext("Choose the plan’s file."))
    else:
        form.typed["text"] = [words_of_plan(plan) or ""]
    if people is None:
        form.wrong("people", who.words.gettext("Choose the list."))
    if change:
        form.errors = {}
        return _page(request, who, form, people=people)
    if form.errors or plan is None or people is None:
        return _page(request, who, form, _judging(who, form).incomplete(plan, people), people)
    minutes = MINUTES.get(form.word("how"))
    return _asked(request, Wanted(who, plan, people, minutes * 60.0 if minutes else None), form)


def _judging(who: Colleague, form: Form) -> Judging:
    earnest = form.word("how") == "earnest"
    now = who.house.now() if earnest else None
    return Judging(form, who.words, roster(who.house.store), now, live=earnest and _live(who))


def _live(who: Colleague) -> bool:
    """Whether letters leave for real."""
    return who.house.settings.transport != "mailbox" and who.house.store.get_setting("live") is not None


def _asked(request: Request, wanted: Wanted, form: Form) -> Response:
    who, deed = wanted.who, request.state.form.word("deed")
    try:
        faults, split = wanted.split()
    except PlanFaults as why:
        found = _judging(who, form).refused(list(why.faults), wanted.papers)
        return _page(request, who, form, found, wanted.people)
    except AnotherPlan as why:
        said = who.words.gettext(
            "%(cycle)s was started from another plan. Change its plan instead.", cycle=str(why.cycle)
        )
        return _page(request, who, form.wrong("plan", said), people=wanted.people)
    if deed != "act":
        return _look(request, wanted, split, faults, form)
    keep(who.house.store, split)
    began = _begin(who, split.plan.id)
    return RedirectResponse(f"/staff/cycles/{split.plan.id}?done={'start' if began else 'kept'}", 303)


def _look(request: Request, wanted: Wanted, split: Split, faults: list[Fault], form: Form) -> Response:
    who = wanted.who
    year = Year(split, who.words.falling_back(tuple(split.plan.languages)), who.house.now(),
                {one.ref: one.name for one in who.house.store.staff(everybody=True)})  # fmt: skip
    warnings, more = shown(faults)
    return staff_page(
        request, who, "planning/start_look.jinja", year=year, warnings=told(who.words, warnings), more=more,
        practice=wanted.practice is not None,
        hidden=[*wanted.plan.carried("plan"), *wanted.people.carried("people"), ("how", form.word("how"))],
    )  # fmt: skip


def _begin(who: Colleague, cycle: str) -> bool:
    """Starts the engine's part; False where the engine is away and begins later by itself."""
    store, settings = who.house.store, who.house.settings
    plan, rules = store.first_plan(cycle), store.cycle(cycle).rules

    async def ask() -> None:
        await desk.start_cycle(await desk.connected(settings), plan, settings.task_queue, rules)

    try:
        asyncio.run(ask())
    except EngineUnreachable:
        return False
    store.engine_started(cycle)
    return True


@signed_in
def example_plan(_request: Request, who: Colleague) -> Response:
    """A plan to begin with, as `kierros new` writes it."""
    begins = (who.house.now() + timedelta(days=28)).date()
    return download(new_plan(Wishes(begins=begins, coordinator=who.staff.name)).encode(), YAML, "plan.yaml")


@signed_in
def example_people(_request: Request, _who: Colleague) -> Response:
    """The people list that goes with it."""
    return download(PEOPLE.encode("utf-8-sig"), CSV, "people.csv")


uploads = {HERE: UPLOAD}
routes = [
    Route(HERE, show, methods=["GET"]),
    Route(HERE, act, methods=["POST"]),
    Route(f"{HERE}/plan.yaml", example_plan, methods=["GET"]),
    Route(f"{HERE}/people.csv", example_people, methods=["GET"]),
]
