"""A cycle in which one person has left traces of every sort: rows, words, letters to her and about her, a report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import update

from activities.reporting import write
from exchange.base import Event
from exchange.host_feedback import HostFeedbackGiven
from exchange.mail import Mail
from exchange.noting import NoteTaken
from exchange.registration import DelegateRegistered, DelegateWaitlisted
from exchange.reporting import ReportFiled
from letters.mailbox import MailboxTransport
from letters.papers import render_report
from runtime.settings import Settings
from store import own_words
from store.models import Letterbox, OutboxRow, Person, Rendered
from store.schema import outbox
from store.store import Store
from tests.report.test_hosts import told
from tests.store.builders import NOON, opened, record, started

NAME, ADDRESS, PHONE = "Žaneta Grēvele-Čiekurs", "Zaneta.Grevele@Biblioteka.example", "+371 2612 8844 09"
SAID = "moves to Čiekurkalns because her mother is ill"
HOST, HOST_ADDRESS = "Kaarina Åkerlund-Öhman", "kaarina.akerlund@host.example"
HOST_SAID = ('Our children’s hour "zqlöyly" isn\'t <b>quiet</b> & small any more', "Stay a day longer, and sing")
"""What she wrote of the visit, with all that a page writes in another way."""
HOST_CANARIES = ("zqlöyly", HOST_SAID[1])
"""Of it, what every file writes as it is."""
OTHER, OTHER_ADDRESS = "Boris Ivanovskis", "boris.ivanovskis@library.example"
WORDS = (NAME, ADDRESS, PHONE, SAID)
"""What must be found nowhere once she is erased."""


@dataclass
class Traces:
    """The cycle, and the references of the people and of the words in it."""

    store: Store
    settings: Settings
    cycle: str
    her: str
    other: str

    async def into_the_mailbox(self) -> None:
        """All letters that have their form are caught in the mailbox folder, as in a practice run."""
        async with MailboxTransport(self.settings.mailbox) as transport:
            for row in self.store.letters(self.cycle):
                whole = self.store.letter(row.id)
                assert whole is not None
                if whole.data is not None:
                    await transport.send(whole.data, "kierros@library.example", "to@library.example")

    def row(self, key: str, ref: str) -> OutboxRow:
        (found,) = [row for row in self.store.letters(self.cycle, to_ref=ref) if row.kind == key]
        whole = self.store.letter(found.id)
        assert whole is not None
        return whole


def settings_in(folder: Path) -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(data=folder)


def letter(row: OutboxRow, name: str, about: str) -> Rendered:
    """A letter as they are sent: text in quoted-printable, HTML in base64, the name in a header."""
    message = EmailMessage()
    message["Message-ID"], message["Subject"] = row.message_id, f"A letter to {name}"
    message["To"] = f"reader <{ADDRESS if name == NAME else OTHER_ADDRESS}>"
    message.set_content(f"Dear {name},\n\n{about}\n", cte="quoted-printable")
    message.add_alternative(f"<p>Dear {name}</p><p>{about}</p>", subtype="html", cte="base64")
    return Rendered(data=message.as_bytes(), subject=f"A letter to {name}", language="en")


def lived(store: Store, settings: Settings, **changes: Any) -> Traces:
    """The cycle after some weeks: two people registered, letters of all states, notes, a survey answer, a report."""
    cycle = started(store, **changes)
    her = store.find_or_add(cycle, Person(name=NAME, address=ADDRESS, home="riga"), NOON)
    other = store.find_or_add(cycle, Person(name=OTHER, address=OTHER_ADDRESS), NOON)
    note = store.add_text(cycle, f"She {SAID}; her telephone is {PHONE}", "note", NOON)
    elsewhere = store.add_text(cycle, f"The room was booked by {NAME.lower()} yesterday", "note", NOON)
    happened: list[Event] = [
        opened(),
        DelegateRegistered(at=NOON, actor=her, step="registration", person=her),
        DelegateWaitlisted(at=NOON, actor=other, step="registration", person=other, position=1),
        NoteTaken(at=NOON, actor="s_1", about=her, note=note, role="coordinator"),
        NoteTaken(at=NOON, actor="s_1", note=elsewhere, role="coordinator"),
    ]
    kinds = ("place_confirmed", "seminar_programme", "thanks", "survey")
    store.keep(record(cycle, happened, *(Mail(kind=kind, to=(her, other)) for kind in kinds)), NOON)
    found = Traces(store, settings, cycle, her, other)
    _written(found)
    reply = {"command_id": "c1", "command": {"kind": "GiveFeedback", "person": her}, "actor": her}
    store.receive(cycle, [Letterbox.model_validate({**reply, "answers": {"q1": SAID}})], NOON)
    store.opt_out(cycle, her, "survey", NOON)
    with store.writing() as connection:
        own_words.tell(connection, cycle, her, {"diet": SAID}, NOON)
        own_words.tell(connection, cycle, other, {"learned": f"From {NAME}, how to ask"}, NOON)
    data = {"title": "Report", "said": [f"{NAME} was of help"]}
    store.save_report(cycle, "report", 1, f"<p>{NAME} was of help</p>", data, NOON)
    return found


def visited(world: Traces, *, draft: bool = False) -> str:
    """A host's contact told how the visit went, and the report says so, as page and as data; gives her reference."""
    store, cycle = world.store, world.cycle
    host = store.find_or_add(cycle, Person(name=HOST, address=HOST_ADDRESS, part="contact", host="helsinki"), NOON)
    gained, better = (store.add_text(cycle, words, "note", NOON) for words in HOST_SAID)
    data = told()[0].model_dump(mode="json")
    (stay,) = [stay for stay in data["stays"] if stay.get("heard")]
    stay["heard"] |= {"gained": HOST_SAID[0], "better": HOST_SAID[1]}
    where = {"step": stay["step"], "slot": stay["slot"], "host": stay["host"]}
    said = HostFeedbackGiven(at=NOON, actor=host, **where, rating="4", gained=gained, better=better)
    page = render_report(data)
    digest = store.save_report(cycle, "report", 2, page, data, NOON)
    happened: list[Event] = (
        [said] if draft else [said, ReportFiled(at=NOON, actor="s_1", step="report", revision=2, digest=digest)]
    )
    store.keep(record(cycle, happened, at=store.cycle(cycle).length), NOON)
    place = world.settings.reports / cycle / "report-2"
    write(place.with_suffix(".html"), page)
    write(place.with_suffix(".json"), json.dumps(data, ensure_ascii=False))
    return host


def _written(world: Traces) -> None:
    """Every letter gets its form; some have been sent, one is not written yet, and one to him names her."""
    store = world.store
    for row in store.letters(world.cycle):
        hers = row.to_ref == world.her
        if row.kind == "survey":
            continue
        about = f"{NAME} speaks at ten." if row.kind == "seminar_programme" else "All is well."
        form = letter(row, NAME if hers else OTHER, SAID if hers else about)
        with store.writing() as connection:
            sent = {"state": "sent", "sent_at": NOON} if row.kind != "thanks" else {}
            connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(data=form.data, subject=form.subject, language="en", digest="d", **sent)
            )
