"""Whole cycles on the real server, and what of the people in them Temporal and the logs get to see: nothing."""

from __future__ import annotations

import base64
import csv
import json
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest

from exchange.cycle import begin, fold
from plans import PEOPLE
from runtime.keys import read_keys
from runtime.settings import Settings
from store.links import Link, Links
from tests.engine.installation import KRISTINA, OWN_LETTER, OWN_REASON, Installation, installed
from tests.engine.year import Year

pytestmark = [pytest.mark.server, pytest.mark.timeout(300)]
A_YEAR = "50"
"""Seconds from a year's first date to its last."""

NAMES = ("Änna", "Bö", "Cëcilia", "Dïna", "Erïk", "Frëja")
CANARIES = [f"{name} Zqcanary{i}xé" for i, name in enumerate(NAMES)] + [f"zqaddr{i}vyx" for i in range(6)]
REASON, FREE_TEXT, PARAGRAPH, WHY = "zqreasonéwv", "zqfreetextéwv", "zqparagraphéwv", "zqbecauseéwv"


def people() -> str:
    """The people list of `kierros new`, with a canary in every name and address."""
    rows = list(csv.reader(PEOPLE.splitlines()))
    for i, row in enumerate(rows[1:]):
        row[0], row[1] = CANARIES[i], f"{CANARIES[6 + i]}@{row[1].partition('@')[2]}"
    return "".join(",".join(row) + "\n" for row in rows)


def addresses() -> list[str]:
    return [row.split(",")[1] for row in people().splitlines()[1:4]]


def start(here: Installation, theme: str, within: str = A_YEAR) -> Year:
    """A year with canaries wherever somebody may write."""
    plan = here.plan(theme, days_ago=0, people=people(), capacity=2)
    words = plan.read_text("utf-8").replace(OWN_LETTER, PARAGRAPH)
    for i, name in enumerate(("Anna", "Bo", "Cecilia", "Dina", "Erik", "Freja")):
        words = words.replace(f"{name} Example", CANARIES[i])
    words = words.replace(OWN_REASON, WHY)
    plan.write_text(words, "utf-8")
    feedback = plan.with_name("feedback.csv")
    rows = [f"{address},4,4,5,3,Ideas,{FREE_TEXT}" for address in addresses()]
    feedback.write_text(
        "address,knowledge,confidence,application,awareness,gains,best\n" + "\n".join(rows) + "\n", "utf-8"
    )
    cycle = here.start(plan, "--finish-within", within)
    return Year(here, cycle, addresses(), feedback, reason=REASON)


def forms(word: str) -> Iterator[bytes]:
    """The ways in which a word may lie in a file."""
    for said in {word, word.lower(), word.upper()}:
        raw = said.encode()
        yield raw
        yield said.encode("utf-16-le")
        yield said.encode("utf-16-be")
        yield quopri.encodestring(raw)
        yield quote(said).encode()
        yield json.dumps(said)[1:-1].encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            yield coded[(shift * 8 + 5) // 6 : len(coded) - 4]


def finds(files: list[Path], word: str) -> list[str]:
    """The names of the files in which the word lies, in any form."""
    looked_for = set(forms(word))
    return [file.name for file in files for data in [file.read_bytes()] if any(form in data for form in looked_for)]


def links_of(mailbox: Path) -> set[tuple[bytes, bytes]]:
    """The personal links in letters that have left."""
    found: set[tuple[bytes, bytes]] = set()
    for file in mailbox.glob("*.eml"):
        parts = [part.get_payload(decode=True) for part in message_from_bytes(file.read_bytes()).walk()]
        raw = b"\n".join([file.read_bytes(), *(part for part in parts if isinstance(part, bytes))])
        found |= set(re.findall(rb"http://127\.0\.0\.1:\d+(/[lo]/)([\w-]{24})\b", raw))
    return found


def opens(here: Installation, token: bytes) -> bool:
    """Whether a link is one that was made here, though its cycle is over by now."""
    found = Links(here.store, read_keys(Settings(data=here.folder))).open(token.decode())
    return isinstance(found, Link) or found.reason == "cycle_over"


def judge(year: Year) -> None:
    """What must be true of every year that is over."""
    here, cycle = year.here, year.cycle
    journal = here.store.journal(cycle)
    assert [entry.position for entry in journal] == list(range(1, len(journal) + 1))
    state = fold(begin(here.store.first_plan(cycle)), (entry.event for entry in journal))
    assert (state.phase, state.purse.committed) == ("finished", 0)
    names = here.names(cycle)
    assert names.count("StepRejected") == 1
    assert {"DelegateWaitlisted", "DelegateWithdrawn", "PlaceOffered", "VisitDeclined", "ReportFiled"} <= set(names)
    assert "closed" in year.late
    assert not here.store.undecided()
    report = here.do("report", cycle, "--json").data
    assert report


def test_a_year_runs_to_its_report_and_temporal_never_sees_a_person(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        year = start(here, "A year")
        year.play()
        judge(year)
        seen = [*tmp_path.glob("temporal.db*"), *tmp_path.glob("*.log")]
        assert {"temporal.db", "cycles.log", "letters.log", "server.log", "up.log"} <= {file.name for file in seen}
        assert finds(seen, year.cycle), "the search itself is blind"
        kept = list(tmp_path.glob("kierros.db*"))
        for word in (*CANARIES[:6], REASON, PARAGRAPH, FREE_TEXT):
            assert finds(kept, word), f"{word} was never written: the canary is dead"
        sent = links_of(tmp_path / "mailbox")
        assert {path for path, _ in sent} == {b"/l/", b"/o/"}, "every letter has its links"
        assert not [file.name for file in (*seen, *kept) for _, token in sent if token in file.read_bytes()]
        assert all(opens(here, token) for _, token in sent)
        for word in (*CANARIES, REASON, FREE_TEXT, PARAGRAPH, WHY, KRISTINA, "kristina@staff", "olga@staff"):
            assert finds(seen, word) == [], word


@pytest.mark.postgres
@pytest.mark.slow
def test_a_year_runs_to_its_report_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with installed(tmp_path, KIERROS_DATABASE=postgres_url) as here:
        year = start(here, "A year")
        year.play()
        judge(year)
        assert not (tmp_path / "kierros.db").exists()
