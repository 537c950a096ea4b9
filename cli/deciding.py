"""Deciding: `approve`, `reject` and `choose`. A decision shows what will happen, and defaults to No."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.faults import Misused, Refused
from cli.terminal import InCycle, Json, Reason, Yes, terminal

if TYPE_CHECKING:
    from cli.picking import Open

PromptId = Annotated[str, typer.Argument(metavar="PROMPT", help="The decision; needed only where several wait.")]
OfStep = Annotated[str, typer.Option("--step", metavar="STEP", help="The decision of this step, instead of its id.")]


@command(
    "approve",
    DECIDING,
    "kierros approve",
    "kierros approve approve-invitations-1 --dry-run",
    "kierros approve --step invitations --yes",
    "kierros approve --copy",
    'kierros approve --step invitations --add "Bring an umbrella." --language en',
)
def approve(
    prompt: PromptId = "",
    step: OfStep = "",
    cycle: InCycle = "",
    reason: Reason = "",
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent; decide nothing.")] = False,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="TEXT", help="Add a paragraph first; the letters are made ready again."),
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", metavar="CODE", help="The language of each --add.")
    ] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back what was added.")] = False,
    copy: Annotated[
        bool, typer.Option("--copy", help="Send me a copy: one of each kind of letter, in each language.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Approve what waits: you see exactly which letters go to whom before anything leaves."""
    if add or language or take_back:
        _worded_anew(prompt, step, cycle, add or [], language or [], take_back=take_back)
        return
    from cli import preview
    from cli.picking import picked
    from exchange.approval import Approve
    from workers.held import letters_of, unwritten

    here, found = terminal(), picked(prompt, step, cycle, "approve")
    letters = letters_of(here.store, found.cycle, found.prompt)
    wish = Approve(**found.signed(), prompt=found.prompt.id, digest=letters.digest, copy_to_me=copy)
    if not (dry_run and _mine(found)):
        found.try_out(wish)
    if as_json:
        here.data(preview.as_data(found.prompt, letters, found.names))
    elif not yes or dry_run:
        here.show(preview.whole(found.prompt, letters, found.names))
        _show_report(found)
    _warn_of(unwritten(letters.held), practice=found.cycle.plan.practice)
    if unpaid := preview.unpaid(found.cycle, found.prompt, found.names):
        here.say(unpaid, "yellow")
    if dry_run:
        here.say("Nothing was decided.")
        return
    if not yes:
        _agree(found, letters.count)
    found.tell(wish.model_copy(update={**found.signed(), "reason": found.keep(reason)}))
    said = " You get a copy of each kind, in each language." if copy else ""
    here.say(f"Approved: {found.names.step(found.prompt.step)}.{_leaving(found, letters.count)}{said}", "green")
    here.next(f"kierros show {found.cycle.plan.id}")


def _warn_of(ours: list[str], *, practice: bool) -> None:
    """Says that letters bear what `kierros new` wrote to be replaced, and how to mend it."""
    if ours:
        said = "; ".join(f"“{words}”" for words in ours)
        mend = "then: kierros amend PLAN. The letters are made ready again."
        terminal().say(
            f"These letters still have words in them that kierros new wrote to be replaced: {said} Write your own into "
            f"the plan, {'and practise again from it.' if practice else mend}",
            "yellow",
        )


def _worded_anew(prompt: str, step: str, cycle: str, add: list[str], language: list[str], *, take_back: bool) -> None:
    """Changes what staff added to the letters; nothing is approved."""
    from cli.adding import added, taken_back
    from cli.picking import picked

    if bool(add) is take_back:
        raise Misused("Say what to add: --add TEXT --language CODE; or take back what was added: --take-back.")
    found = picked(prompt, step, cycle, "approve")
    if take_back:
        taken_back(found)
    else:
        added(found, add, language)


@command(
    "reject",
    DECIDING,
    'kierros reject --reason "The date clashes with the book fair"',
    'kierros reject --step visits --yes --reason "Too many hosts in one week"',
)
def reject(
    prompt: PromptId = "", step: OfStep = "", cycle: InCycle = "", reason: Reason = "", yes: Yes = False
) -> None:
    """Reject what waits for approval, with a reason. Its letters are dropped; nothing leaves."""
    from cli.picking import picked
    from exchange.approval import Reject
    from exchange.groups import Word
    from telling.heldup import lateness
    from telling.times import now

    here, found = terminal(), picked(prompt, step, cycle, "reject")
    found.try_out(Reject(**found.signed(), prompt=found.prompt.id))
    reason = here.reason(reason, "Why not? (kept with the decision)")
    if not yes:
        _confirm(f"Reject {found.names.step(found.prompt.step)} and drop its letters? [y/N]")
    found.tell(Reject(**found.signed(), prompt=found.prompt.id, reason=found.keep(reason)))
    here.say(f"Rejected: {found.names.step(found.prompt.step)}. Nothing was sent.")
    if isinstance(found.step, Word):
        here.next("kierros write --help", "to write it anew")
        return
    again = f"kierros choose revise-{found.prompt.step}-{found.prompt.revision} again"
    if (late := lateness(found.cycle, found.prompt, now())) is not None:
        here.next(late.way_on, f"gives it a new date; then {again}")
        return
    here.next(again, "has it made ready again")


@command(
    "choose",
    DECIDING,
    "kierros choose host-visits-spring-1 next",
    'kierros choose wish-visits-spring-1 keep_date --reason "The ferry"',
    "kierros choose select-registration select --pick anna@library.example --pick bo@library.example",
)
def choose(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="The decision, as `kierros waiting` names it.")],
    option: Annotated[str, typer.Argument(metavar="OPTION", help="One of the options it offers.")] = "",
    pick: Annotated[
        list[str] | None, typer.Option("--pick", metavar="ADDRESS", help="Whom to choose; once for each person.")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where the group is expected elsewhere at a host's new time.")
    ] = False,
    cycle: InCycle = "",
    reason: Reason = "",
    yes: Yes = False,
) -> None:
    """Answer a decision that offers options, as `kierros waiting` names it.

    It is about another host, a host's wish to move its visit, who gets a place, money that is short, letters that did
    not arrive, or what could not be read.
    """
    from cli.picking import options, people_picked, picked
    from cli.undelivered import undelivered_in_all
    from exchange.prompt import Choose
    from telling.hosting import of_host
    from telling.times import now

    here, found = terminal(), picked(prompt, "", cycle, "choose")
    explained = options(found)
    for line in of_host(here.store, found.cycle, found.prompt, found.names, now()):
        here.say(f"  {line}")
    if found.prompt.about == "letters":
        here.say(f"  {undelivered_in_all(found.cycle.plan.id)}")
    if not option:
        for name, meaning in explained.items():
            here.say(f"  {name:<9} {meaning}")
        option = here.ask("Which?", f"Name one: kierros choose {found.prompt.id} {'|'.join(explained)}")
    picks = people_picked(found, pick or [])
    wish = Choose(**found.signed(), prompt=found.prompt.id, option=option, picks=picks, anyway=anyway)
    found.try_out(wish)
    if not yes:
        _confirm(f"{found.prompt.id}: {explained.get(option, option)}? [y/N]")
    found.tell(wish.model_copy(update={"reason": found.keep(reason)}))
    here.say(f"Done: {explained.get(option, option)}.", "green")
    here.next(
        "kierros money share FUNDER AMOUNT" if option == "larger_share" else f"kierros show {found.cycle.plan.id}"
    )


def _mine(found: Open) -> bool:
    """Whether it is a letter that she wrote herself: she may look at it, whoever approves it."""
    from exchange.groups import Word

    return isinstance(found.step, Word) and found.step.by == found.staff.ref


def _agree(found: Open, count: int) -> None:
    """The approver types the number of letters; anything else is a No."""
    from cli.preview import totals

    prompt = found.prompt
    total = totals(prompt, count, found.names)
    wanted = str(count) if count else "yes"
    deed = "send" if count else "agree"
    question = f"{total}. Type {wanted} to {deed}:" if total else f"Type {wanted} to {deed}:"
    if terminal().ask(question, "Add --yes after looking with --dry-run.").casefold() != wanted:
        raise Refused("Nothing was approved, and nothing was sent.")


def _confirm(question: str) -> None:
    if terminal().ask(question, "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was decided.")


def _leaving(found: Open, count: int) -> str:
    from exchange.plan import Visits
    from telling.counts import plural

    if isinstance(found.step, Visits):
        return " The first host of each visit is asked now; the other letters wait for a no."
    return f" {plural(count, 'letter')} {'leaves' if count == 1 else 'leave'} now." if count else ""


def _show_report(found: Open) -> None:
    from exchange.plan import Report

    if not isinstance(found.step, Report):
        return
    from cli.account import account_page

    report = terminal().store.report(found.cycle.plan.id, found.prompt.step)
    if report is not None:
        terminal().show(account_page(report.data))
        terminal().say(f"The whole of it: kierros report {found.cycle.plan.id} --html FILE")
