"""The year in a few sentences, for whoever reads no further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letters.papers.figures import Figures

Account = Mapping[str, Any]


def summary(account: Account, say: Figures) -> str:
    """Sentences about people, meetings, hosts, feedback and money; one with nothing to say is left out."""
    parts = (_people, _meetings, _hosts, _feedback, _money)
    return " ".join(sentence for part in parts if (sentence := part(account, say)))


def _people(account: Account, say: Figures) -> str:
    stages = {stage["id"]: stage["people"] for stage in account["funnel"]}
    places = sum(desk["capacity"] for desk in account["desks"])
    if not stages.get("invited") and not stages.get("registered"):
        return "Nobody had been invited yet."
    invited = f"{say.many(stages['invited'], 'person was', 'people were')} invited" if stages["invited"] else ""
    asked = f"{say.number(stages['registered'])} asked for one of the {say.many(places, 'place', 'places')}"
    return f"{' and '.join(filter(None, (invited, asked)))}."


def _meetings(account: Account, say: Figures) -> str:
    seminars = sum(meeting["outcome"] == "held" for meeting in account["meetings"])
    hosts = [say.words(stay["name"]) for stay in account["stays"] if stay["outcome"] == "held"]
    if not seminars and not hosts:
        return "Nothing had been held when the report was drawn up."
    what = [say.many(seminars, "seminar", "seminars")] if seminars else []
    what += [say.many(len(hosts), "visit", "visits")] if hosts else []
    took_part = say.many(account["company"]["took_part"], "person", "people")
    to = f", to {say.listed(hosts)}" if hosts else ""
    return f"{took_part} took part in {say.listed(what)}{to}."


def _hosts(account: Account, say: Figures) -> str:
    tries = [one for stay in account["stays"] for one in stay["tries"]]
    if not tries:
        return ""
    outcomes = [one["outcome"] for one in tries]
    said_no = outcomes.count("declined") + outcomes.count("cancelled")
    silent = outcomes.count("silent")
    parts = [f"{say.number(said_no)} declined"] if said_no else []
    parts += [f"{say.number(silent)} did not answer"] if silent else []
    asked = say.many(len({one["host"] for one in tries}), "host was", "hosts were")
    return f"{asked} asked for the visits{'; ' + say.listed(parts) if parts else ''}."


def _feedback(account: Account, say: Figures) -> str:
    asked = sum(survey["asked"] for survey in account["surveys"])
    given = sum(survey["given"] for survey in account["surveys"])
    return f"Of those asked for feedback, {say.percent(given, asked)} answered." if asked else ""


def _money(account: Account, say: Figures) -> str:
    money = account["money"]
    if not money["cap"]:
        return ""
    spent, cap = say.money(money["settled"], money["currency"]), say.money(money["cap"], money["currency"])
    return f"{spent} of the {cap} budgeted was spent or is still to be paid."
