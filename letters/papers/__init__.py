"""Papers: what is read on a screen and printed. The account of a cycle, as one page that needs nothing else.

No script, no address from which anything would be fetched; a policy in the page forbids both. Everything that somebody
has written is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from letters.papers.figures import Figures
from letters.papers.ring import months, ring
from letters.papers.steps import lines
from letters.papers.summary import summary
from letters.papers.timeline import timeline

LANGUAGE = "en"
"""The language of the paper's own words; the plan's words stand in theirs as well."""


@cache
def _papers() -> Environment:
    environment = Environment(
        loader=PackageLoader("letters.papers", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for part in (timeline, ring, months, lines, summary):
        environment.globals[part.__name__] = part
    return environment


def render_report(account: Mapping[str, Any]) -> str:
    """The account as a page of HTML.

    Args:
        account: the report's data, as its JSON file holds it.
    """
    say = Figures(LANGUAGE, str(account["language"]))
    return _papers().get_template("report.html.j2").render(a=account, say=say)


def render_handover(paper: Mapping[str, Any]) -> str:
    """The paper of a handover as a page of HTML.

    Args:
        paper: for each cycle what was promised, what comes, what waits, notes and money; everything in words.
    """
    return _papers().get_template("handover.html.j2").render(p=paper)
