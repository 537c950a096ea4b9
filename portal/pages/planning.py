"""Amending a cycle in the browser: its changed plan is sent, what it would change is shown, and then it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.amending import Amend
from exchange.base import Command
from letters.catalogues import languages
from plans import Fault, Papers, PlanFaults, check_plan, people_of, read_plan
from plans.faults import shown
from plans.roster import NOT_LISTED
from plans.said import Said
from portal.acting import ONCE, NotDone, asked_of_rules, decide, kept, once
from portal.bodies import Typed
from portal.deeds import REASON, STANDING_IN, Wrong
from portal.forms import Field, Form
from portal.pages.planning_faults import Judging, papers_of
from portal.pages.planning_papers import in_earnest, standing
from portal.pages.staff_deeds import LINES, letters_of
from portal.shown.faults import told
from portal.speech import PageWords
from portal.staff import Case, Colleague, signed_in, staff_page
from portal.uploads import Sent, sent
from telling.amended import differences, following
from workers.amending import CannotAmend, Wished, everybody, wished
from workers.amending_people import gone, known_before

UPLOAD = 6 * 1024 * 1024
"""Bytes of a plan with its people list, as a page carries them on."""
PLAN, PEOPLE = "plan.yaml", "people.csv"


@dataclass(frozen=True)
class Amendment:
    """What was sent for a cycle."""

    case: Case
    plan: Sent
    people: Sent | None
    """None where nobody comes or goes: then the list as it stands counts."""

    @property
    def papers(self) -> Papers:
        papers = papers_of(self.plan, self.people or Sent(PEOPLE, standing(self.case).people))
        return replace(papers, formerly=known_before(self.case.who.house.store, self.case.id))

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the next page needs of it."""
        return [*self.plan.carried("plan"), *(self.people.carried("people") if self.people else [])]


def _form(case: Case, *, words: str | None = None) -> Form:
    """What is asked: the plan as a file, or as words to be mended on the page; the list; the reason."""
    say = case.words.gettext
    plan = papers_asked(case.words, say("The changed plan"), say("The plan"), words)
    people = Field("people", say("Its people list"), kind="file", required=False,
                   hint=say("CSV or XLSX. Leave it out where nobody comes or goes."))  # fmt: skip
    why = Field("reason", say("Reason"), kind="textarea", most=REASON, hint=say("It is kept with the decision."))
    return Form(case.words, [*plan, people, why])


def papers_asked(speech: PageWords, file: str, typed: str, words: str | None) -> list[Field]:
    """A plan as a file; and where there are ``words`` of one, as words to be mended on the page."""
    say = speech.gettext
    plan = Field("plan", file, kind="file", required=words is None, hint=say("A file in YAML, like plan.yaml."))
    text = Field("text", typed, kind="textarea", value=words or "", most=1_000_000,
                 hint=say("Change it here, or choose a file above instead."))  # fmt: skip
    return [plan, *([text] if words is not None else [])]


def _case(request: Request, who: Colleague) -> Case:
    """The cycle, where its plan can be amended.

    Raises:
        PracticeStays: it is a practice run, which is not amended.
    """
    return in_earnest(who.case(request.path_params["cycle"]))


@signed_in
def show(request: Request, who: Colleague) -> Response:
    """The form; with the plan as it stands in it, where it is to be changed on the page."""
    case = _case(request, who)
    words = standing(case).plan.decode() if "edit" in request.query_params else None
    return _page(request, case, _form(case, words=words))


def _page(
    request: Request, case: Case, form: Form, status: int = 200, *, faults: list[Fault] | None = None,
    said: NotDone | None = None, people: Sent | None = None, older: str = "",
) -> Response:  # fmt: skip
    first, more = shown(faults or [])
    people = None if "people" in form.errors else people  # a list that was refused has to be sent anew
    return staff_page(
        request, case.who, "planning/amend.jinja", said.status if said else status, case=case, form=form, said=said,
        faults=told(case.words, first), more=more, path=request.url.path,
        hidden=people.carried("people") if people else [], people=people, older=older,
    )  # fmt: skip


def _older(case: Case, people: Sent | None, faults: list[Fault]) -> str:
    """Why a plan that came without a list may name somebody whom the cycle does not know: ``erased`` or ``names``."""
    unknown = any(isinstance(one.sentence, Said) and one.sentence.template == NOT_LISTED for one in faults)
    if people is not None or not unknown:
        return ""
    store, plan = case.who.house.store, case.state.plan
    return "erased" if gone(store, store.read_last(case.id), plan) else "names"


@signed_in
def act(request: Request, who: Colleague) -> Response:
    """Shows what would change; from that page, amends the plan."""
    case, typed = _case(request, who), request.state.form
    plan, people = plan_sent(typed), sent(typed, "people", PEOPLE)
    form = _form(case, words=words_of_plan(plan) if plan else None).read(typed)
    form.errors.pop("text", None)
    if plan is not None:
        form.typed["text"] = [words_of_plan(plan) or ""]
    if typed.word("deed") == "change":
        form.errors = {}
        return _page(request, case, form, people=people)
    if plan is not None:
        return _asked(request, Amendment(case, plan, people), form)
    form.wrong("plan", case.words.gettext("Choose the plan’s file, or change the plan here."))
    faults = _judging(case, form).incomplete(None, people)
    return _page(request, case, form, 422, faults=faults, people=people)


def _judging(case: Case, form: Form) -> Judging:
    return Judging(form, case.words, everybody(case.who.house.store))


def plan_sent(typed: Typed) -> Sent | None:
    """The plan that was sent: a file, or the words on the page."""
    words = typed.word("text").replace("\r\n", "\n")
    if typed.file("plan") is None and words.strip():
        return Sent(PLAN, words.encode("utf-8", "replace"))
    return sent(typed, "plan", PLAN)


def words_of_plan(plan: Sent) -> str | None:
    """The words of it, to be mended on the page; None where it is no text."""
    try:
        words = plan.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return words if "\0" not in words and len(words) <= 1_000_000 else None


def _asked(request: Request, sent_in: Amendment, form: Form) -> Response:
    """What the plan itself, the record and the rules say of it, also where something else is missing."""
    case, people = sent_in.case, sent_in.people
    try:
        return _shown_or_done(request, sent_in, form)
    except PlanFaults as why:
        found = _judging(case, form).refused(list(why.faults), sent_in.papers)
        return _page(request, case, form, 422, faults=found, people=people, older=_older(case, people, found))
    except Wrong as wrong:
        return _page(request, case, form.wrong(wrong.field, wrong.said), 422, people=people)
    except CannotAmend as why:
        return _page(request, case, form, said=NotDone(str(why), "CannotAmend"), people=people)
    except NotDone as no:
        if no.name == "NothingToAmend" and request.state.form.word("deed") == "act":
            return _led_back(case)  # a second click: it stands so already
        return _page(request, case, form, said=no, people=people)


def _shown_or_done(request: Request, sent_in: Amendment, form: Form) -> Response:
    """What would change; from that page, the change.

    Raises:
        PlanFaults, Wrong, CannotAmend: as :func:`_judged` says.
        NotDone: a rule says no, or the engine does not answer.
    """
    case, typed = sent_in.case, request.state.form
    faults, wish = _judged(sent_in)
    command = wish.command.model_copy(update={"reason": STANDING_IN})
    events = asked_of_rules(case, command)
    if form.errors:
        return _page(request, case, form, 422, people=sent_in.people)
    if typed.word("deed") != "act":
        return _look(request, sent_in, wish, events, form, faults)
    decide(case, command, typed.word(ONCE), lambda it: _kept(case, wish, it, form.word("reason")))
    return _led_back(case)


def _led_back(case: Case) -> Response:
    return RedirectResponse(f"{case.here}?done=amend", 303)


def _judged(sent_in: Amendment) -> tuple[list[Fault], Wished]:
    """What is odd about the plan, and what it wishes.

    Raises:
        PlanFaults: it has faults.
        Wrong: it is the plan of another cycle.
        CannotAmend: it changes what stays.
    """
    case, papers = sent_in.case, sent_in.papers
    store = case.who.house.store
    staff = everybody(store)
    faults = check_plan(papers, staff, None, written=languages())  # what lies behind us may lie in the past
    if any(fault.severity == "error" for fault in faults):
        raise PlanFaults(faults)
    file = read_plan(papers)
    if file.draft.id != case.id:
        said = case.words.gettext(
            "This is the plan of %(other)s. Programme, year and theme of a cycle stay as they are.", other=file.draft.id
        )
        raise Wrong("plan", said)
    return faults, wished(store, case.state, file, people_of(file), case.who.ref, case.who.house.now())


def _kept(case: Case, wish: Wished, command: Command, reason: str) -> Command:
    """The command, with the new people, words and the reason in the record."""
    case.who.house.store.add_to_cycle(case.id, wish.people, wish.texts)
    return command.model_copy(update={"reason": kept(case, reason)})


def _look(
    request: Request, sent_in: Amendment, wish: Wished, events: list[Any], form: Form, faults: list[Fault]
) -> Response:
    case = sent_in.case
    names = wish.naming(case.names)
    command = wish.command
    assert isinstance(command, Amend)
    warnings, more = shown(faults)
    return staff_page(
        request, case.who, "planning/look.jinja", case=case, mark=once(), form=form,
        warnings=told(case.words, warnings), more=more,
        rows=list(differences(case.state.plan, command, names, wish.said)),
        follows=following(case.state, events, names)[:LINES],
        letters=letters_of(case, events, names), new=[one.name for one in wish.people],
        hidden=[*sent_in.carried, ("reason", form.word("reason"))],
    )  # fmt: skip


uploads = {"/staff/amend/": UPLOAD}
routes = [
    Route("/staff/amend/{cycle}", show, methods=["GET"]),
    Route("/staff/amend/{cycle}", act, methods=["POST"]),
]
