"""People typed in one by one, judged like a row of a people list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cli.faults import Misused

if TYPE_CHECKING:
    from exchange.plan import Organisation
    from plans.people import Person


_OPTIONS = {"library", "language", "zone"}
"""What is typed as an option, not as an argument."""
_MEND = {"library": " Any other is added to the plan first: kierros amend PLAN."}


def one_person(
    name: str,
    address: str,
    *,
    library: str = "",
    language: str = "",
    zone: str = "",
    organisations: Iterable[Organisation] | None = None,
) -> Person:
    """The person, with every value checked.

    Raises:
        Misused: a value cannot be taken; the sentence names it.
    """
    from plans import read_people

    sheet = io.StringIO()
    cells = {"name": name, "address": address, "library": library, "language": language, "zone": zone}
    csv.writer(sheet).writerows([cells.keys(), cells.values()])
    found = read_people(sheet.getvalue().encode(), "typed.csv", organisations)
    if not found.accepted:
        refused = found.refused[0]
        column = f"--{refused.column}" if refused.column in _OPTIONS else refused.column
        guessed = refused.reason.endswith("?")
        raise Misused(f"{column or 'That'} {refused.reason}{'' if guessed else _MEND.get(refused.column, '')}")
    return found.accepted[0]
