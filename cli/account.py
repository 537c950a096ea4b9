"""The report on a terminal: what it says, in a page or two. The whole of it is the HTML page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from cli.show import cell, heading, table
from telling.names import in_english, money
from telling.times import days

Account = Mapping[str, Any]
BAR = 24
"""Columns of the longest bar."""

_STAGES = {
    "invited": "invited",
    "answered": "answered",
    "registered": "asked for a place",
    "took_part": "took part",
    "gave_feedback": "gave feedback",
}


def account_page(account: Account) -> RenderableType:
    """People, meetings, visits, feedback, money and letters."""
    title = in_english(account.get("theme", {}), account.get("cycle", ""))
    programme = f"{in_english(account.get('programme', {}))} {account.get('year', '')}"
    parts: list[RenderableType] = [heading(title), cell(programme)]
    for part in (_people, _meetings, _visits, _feedback, _money, _letters):
        parts += part(account)
    return Group(*parts)


def _people(account: Account) -> Iterator[RenderableType]:
    stages = account.get("funnel", ())
    if not stages:
        return
    yield heading("People")
    most = max((stage["people"] for stage in stages), default=0)
    page = table("", "", "", header=False)
    for stage in stages:
        page.add_row(
            cell(_STAGES.get(stage["id"], stage["id"])), cell(str(stage["people"])), _bar(stage["people"], most)
        )
    yield page


def _meetings(account: Account) -> Iterator[RenderableType]:
    if not account.get("meetings"):
        return
    yield heading("Seminars")
    page = table("", "", "", header=False)
    for meeting in account["meetings"]:
        noted = meeting.get("present") is not None
        there = f", {meeting['present']} of {meeting['expected']} noted present" if noted else ""
        outcome = meeting["outcome"].replace("_", " ")
        page.add_row(cell(in_english(meeting["title"])), cell(_days(meeting["when"])), cell(outcome + there))
    yield page


def _visits(account: Account) -> Iterator[RenderableType]:
    if not account.get("stays"):
        return
    yield heading("Visits")
    page = table("", "", "", header=False)
    for stay in account["stays"]:
        tries = [f"{in_english(one['name'])}: {one['outcome'].replace('_', ' ')}" for one in stay.get("tries", ())]
        who = in_english(stay.get("name", {})) or stay["outcome"].replace("_", " ")
        tries += _heard(stay.get("heard") or {})
        page.add_row(cell(f"{stay['slot']}\n{_days(stay['when'])}"), cell(who), cell("\n".join(tries), "dim"))
    yield page


def _heard(said: Mapping[str, Any]) -> Iterator[str]:
    """What the host says of it."""
    if said:
        yield f"the visit gave the host's own library {said['rating']} of 5"
        yield from (f"“{said[words]}”" for words in ("gained", "better") if said.get(words))


def _feedback(account: Account) -> Iterator[RenderableType]:
    for survey in account.get("surveys", ()):
        yield heading(in_english(survey["title"]), f"{survey['given']} of {survey['asked']} answered")
        for question in survey.get("questions", ()):
            yield from _question(question)


def _question(question: Mapping[str, Any]) -> Iterator[RenderableType]:
    median = f"median {question['median']:g}" if question.get("median") is not None else ""
    few = "too few answers to be shown" if question.get("suppressed") else ""
    texts = f"{len(question.get('texts', ()))} answers in words, in the HTML page" if question.get("texts") else ""
    yield Text.assemble(cell(in_english(question["text"])), "  ", cell(median or few or texts, "bold"))
    bars = question.get("bars", ())
    if not bars:
        return
    most = max((bar["count"] for bar in bars), default=0)
    page = table("", "", "", header=False)
    for bar in bars:
        page.add_row(
            cell(f"  {in_english(bar['label'], str(bar['value']))}"), cell(str(bar["count"])), _bar(bar["count"], most)
        )
    yield page


def _money(account: Account) -> Iterator[RenderableType]:
    said = account.get("money") or {}
    if not said.get("cap"):
        return
    yield heading("Money")
    page = table("", "", header=False)
    for what, name in (
        ("cap", "budget"),
        ("settled", "spent or to be paid"),
        ("committed", "still committed"),
        ("left", "left"),
    ):
        page.add_row(cell(name), cell(money(said["currency"], said[what])))
    yield page


def _letters(account: Account) -> Iterator[RenderableType]:
    post = account.get("post") or {}
    counts = [
        f"{post[what]} {what}" for what in ("sent", "failed", "uncertain", "waiting", "dropped") if post.get(what)
    ]
    if counts:
        yield heading("Letters")
        yield cell(", ".join(counts) + ".")


def _bar(count: int, most: int) -> Text:
    return Text("▇" * round(BAR * count / most) if most else "", style="cyan")


def _days(when: Mapping[str, Any]) -> str:
    return days(*(datetime.fromisoformat(when[end]["local"]) for end in ("begins", "ends")))
