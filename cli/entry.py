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
        raise Misused(f"{refused.column or 'That'} {refused.reason}")
    return found.accepted[0]
