"""Everybody whom the demo plays: invited people, hosts, delegates and, where nobody sits at the terminal, staff.

They do as people do: each reads the letter that came to her, follows the link in it and answers on the page behind it;
staff sign in by a letter, too. What is told of them is what a page answered. What they do beyond answering is the
year's own story (:mod:`story`).
"""

from __future__ import annotations

import csv
import select
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from desk import Desk, TooBusy
from rich.console import Console
from rich.live import Live
from rich.text import Text
from staff import Staff
from story import Act, Story
from visitor import PATIENCE, Mailbox, Turned, Visitor, follow_letter

A_READER = 20.0
"""Seconds that a decision waits for the person at the keyboard before its played holder goes on: dates do not wait."""
AT_ONCE = 6
"""So many people sit at their computers at the same time."""

Row = dict[str, str]


def rows_of(file: Path) -> list[Row]:
    """A table, row by row."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Players:
    """Everybody who is asked something, each of whom answers once."""

    def __init__(
        self, desk: Desk, portal: str, cycle: str, folder: Path, story: Story, console: Console, *,
        someone_there: bool, can_begin_again: bool = False, patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        self.can_begin_again = can_begin_again
        """Whether the year begins again, slower, where somebody comes too late; otherwise that is told."""
        self.gone = False
        self.desk, self.portal, self.cycle, self.folder, self.console = desk, portal, cycle, folder, console
        self.acts, self.someone_there = story.acts, someone_there
        self.mailbox = Mailbox(portal, patience)
        self.staff = {name: Staff(portal, name, address, self.mailbox) for name, address, _ in story.staff}
        self.begun: set[str] = set()
        self.paused = 0.0
        """Seconds in which everything waited for the person at the keyboard."""
        self.done: set[str] = set()
        """Acts that are over."""
        self.pool, self.readers = ThreadPoolExecutor(4), ThreadPoolExecutor(AT_ONCE)
        self.going_on: list[Future[None]] = []
        self.people = rows_of(folder / "people.csv")
        plan = yaml.safe_load((folder / "plan.yaml").read_text("utf-8"))
        self.libraries = {one["name"]["en"]: library for library, one in plan["organisations"].items()}
        self.story: list[str] = []

    def tell(self, line: str) -> None:
        if self.gone:
            return  # whoever is still at it belongs to a year that broke off
        self.story.append(line)
        if not self.console.is_terminal:
            print(f"  {line}", flush=True)

    def tell_failure(self, line: str) -> None:
        """Tells what could not be done.

        Raises:
            TooBusy: the year can begin again, slower: at its own pace everything that its story tells can be done.
        """
        if self.can_begin_again:
            raise TooBusy(f"{line}.")
        self.tell(line)

    def once(self, name: str) -> bool:
        """Whether this is the first time."""
        new = name not in self.begun
        self.begun.add(name)
        return new

    def turn(self, shown: dict[str, Any], live: Live | None) -> None:
        """Everybody looks at their post and answers what is new, each in her own time.

        Raises:
            Trouble: somebody could not do what the year cannot do without.
        """
        self.hear([one for one in self.going_on if one.done()])
        for act in self.acts:
            if act.ready(shown, self.done) and self.once(f"act {act.id}"):
                self.go(self.play, act, shown["places"]["capacity"])
        if shown["phase"] == "running":
            self.answers(shown, live)

    def hear(self, over: list[Future[None]]) -> None:
        """What became of what somebody did."""
        for one in over:
            self.going_on.remove(one)
            one.result()

    def end(self) -> None:
        """The year is over: whoever is at something finishes it, and what has never come to pass is told.

        Raises:
            TooBusy: something could not be done, and the year can begin again.
        """
        self.hear(list(self.going_on))
        for act in self.acts:
            if act.id not in self.done:
                self.tell_failure(f"What was to happen ({act.id}) could not: its time went by before anybody saw it")

    def close(self) -> None:
        """Everybody goes home."""
        self.gone = True
        for pool in (self.pool, self.readers):
            pool.shutdown(wait=False, cancel_futures=True)

    def answers(self, shown: dict[str, Any], live: Live | None) -> None:
        """Whoever is asked something answers, where the story does not say how."""
        steps = {step["id"]: step for step in shown["steps"]}
        for visit in shown["visits"]:
            told = any(act.when.get("stage") == "asked" and act.answers(visit) for act in self.acts)
            if visit["stage"] == "asked" and not told and self.once(f"{visit['slot']}/{visit['host']}"):
                self.go(self.confirm, visit)
        if " of " in steps["feedback"]["detail"] and self.once("feedback"):
            self.go(self.feedback)
        for prompt in shown["prompts"]:
            if self.once(prompt["id"]):
                self.decide(prompt, live)

    def go(self, what: Callable[..., None], *about: Any) -> None:
        self.going_on.append(self.pool.submit(what, *about))

    # -- the story -----------------------------------------------------------------------------------------------------

    def play(self, act: Act, places: int) -> None:
        """One act of the story.

        Raises:
            TooBusy: it came too late, and the year can begin again.
        """
        try:
            said = self.register(act, places) if act.registers else self.acted(act)
            self.tell(act.says.format(said=said).strip())
        except Turned as no:
            self.tell_failure(f"What was to happen now ({act.id}) could not: {no}")
        self.done.add(act.id)

    def acted(self, act: Act) -> str:
        """What somebody does on her page, and what that answers."""
        if act.who in self.staff:
            return f"“{self.staff[act.who].does(self.cycle, act.does, act.fills)}”"
        return self.on_her_page(act.who, act.fills, f"/{act.clicks}" if act.clicks else "")

    def on_her_page(self, name: str, fills: dict[str, str], clicks: str = "", to: str = "", button: str = "") -> str:
        """Somebody opens her letter, goes where it leads, answers, and reads what is said to it."""
        visitor = Visitor(self.portal)
        try:
            follow_letter(
                visitor, self.mailbox, name,
                lambda page: bool(page.link(clicks)) if clicks else page.form(set(fills), to) is not None,
            )  # fmt: skip
            here = visitor.page.address
            if clicks:
                visitor.click(clicks)
            visitor.send(fills, to=to, button=button)
            visitor.open(here)
            return f"“{visitor.in_english()}”"
        finally:
            visitor.close()

    def register(self, act: Act, places: int) -> str:
        """The first so many on the list ask for a place: at once as far as places go, then one after the other.

        Raises:
            TooBusy: they could not any more, and without them there is no year.
        """
        invited = [row["name"] for row in self.people if row["part"] == "participant"][: act.registers]
        try:
            said = list(self.readers.map(lambda name: self.comes(name, act), invited[:places]))
            said += [self.comes(name, act) for name in invited[places:]]
        except Turned as no:
            raise TooBusy(f"Registration had closed before people could register: {no}.") from None
        return ", ".join(f"{number} of their pages say {words}" for words, number in Counter(said).most_common()) + "."

    def comes(self, name: str, act: Act) -> str:
        """Somebody says yes to her invitation, and answers what she likes of what she is asked with it."""
        return self.on_her_page(name, act.tells.get(name, {}), to="/yes")

    def confirm(self, visit: dict[str, Any]) -> None:
        """The contact of a host says yes.

        Raises:
            TooBusy: she came too late, and the year can begin again.
        """
        try:
            said = self.on_her_page(self.contact_of(visit["host"]), {}, to="/yes")
            self.tell(f"{visit['host']} confirms the visit “{visit['slot']}”. Its page then says {said}.")
        except Turned as no:
            self.tell_failure(f"{visit['host']} could not confirm: {no}")

    # -- feedback ------------------------------------------------------------------------------------------------------

    def feedback(self) -> None:
        """Everybody who has something to say says it.

        Raises:
            TooBusy: most came too late, and the year can begin again.
        """
        said = Counter(self.readers.map(self.opinion, rows_of(self.folder / "feedback.csv")))
        late = said.pop("", 0)
        pages = ", ".join(f"{number} pages say {words}" for words, number in said.most_common())
        missed = f". {late} came to the questions too late" if late else ""
        told = f"Feedback comes in: {pages or 'nobody was in time'}{missed}"
        if late > said.total():
            self.tell_failure(told)
        else:
            self.tell(f"{told}.")

    def opinion(self, row: Row) -> str:
        """What the page answers to one reader's answers; nothing where she came too late."""
        name = next(one["name"] for one in self.people if one["address"] == row["address"])
        fills = {f"q-{question}": words for question, words in row.items() if words and question != "address"}
        try:
            return self.on_her_page(name, fills, button="send")
        except Turned:
            return ""

    # -- decisions -----------------------------------------------------------------------------------------------------

    def decide(self, prompt: dict[str, Any], live: Live | None) -> None:
        """Staff decide: the person at the keyboard looks on and presses Enter, or their played holder does it."""
        who = _holder(prompt, self.desk.starter)
        if "approve" in prompt["options"] and self.someone_there and live is not None:
            live.stop()
            begun = time.monotonic()
            self.explain(prompt, who)
            self.paused += time.monotonic() - begun
            live.start()
        self.go(self.answer, prompt, who)

    def answer(self, prompt: dict[str, Any], who: str) -> None:
        """One decision, on its page."""
        try:
            said = f"“{self.staff[who].decides(prompt)}”"
        except Turned as no:
            if "to what is past" in str(no):
                raise TooBusy(f"{prompt['id']} was decided too late: what its letters call to had begun.") from None
            if "has been suspended" in str(no):
                self.begun.discard(prompt["id"])  # it waits until the cycle goes on, and is decided then
                return
            said = f"“{no}”"
        self.tell(f"{who} decides {prompt['id']}. The page then says {said}.")

    def explain(self, prompt: dict[str, Any], who: str) -> None:
        preview = self.desk.run("approve", prompt["id"], "--dry-run", acting=who, fails=True)
        self.console.rule(f"A decision waits for {who}")
        self.console.print(Text.from_ansi(preview.stdout))
        self.console.print(
            f"[bold]Press Enter[/] and {who} approves: exactly these letters leave, each once. "
            f"(In {A_READER:.0f} seconds it goes on by itself, for in practice a year passes in minutes.)"
        )
        if select.select([sys.stdin], [], [], A_READER)[0]:
            sys.stdin.readline()

    def contact_of(self, host: str) -> str:
        """Who answers for a host, by the name under which it is shown."""
        library = self.libraries[host]
        return next(row["name"] for row in self.people if row["part"] == "contact" and row["library"] == library)


def to_read(folder: Path) -> int:
    """How many decisions of the plan show letters that are read before they leave."""
    plan = yaml.safe_load((folder / "plan.yaml").read_text("utf-8"))
    return sum("approval" in step for step in plan["steps"])


def _holder(prompt: dict[str, Any], starter: str) -> str:
    """Somebody who may decide it and is not the one who asked."""
    names = [name for name in prompt["people"] if name != starter] or prompt["people"]
    return str(names[0])
