"""`write`: letters in staff's own words, to groups; and copies to oneself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World

ONE = ("--subject", "Bring your passport", "--text", "The ferry asks for it.", "--language", "en")
AGREE = ("approve", "--step", "word_1")
TO_INVITED = ("write", "--to", "invited", *ONE)


@pytest.fixture
def cycle(world: World, desk: Desk) -> str:
    """A cycle whose invitations have left. Olga is the second person whom its plan asks for."""
    made = world.start(days_ago=20)
    assert desk("approve", "approve-invitations-1", "--yes").code == 0
    return made


def test_a_letter_is_made_ready_shown_and_approved(desk: Desk, world: World, cycle: str):
    ran = desk(*TO_INVITED)
    assert ran.code == 0, ran.err
    assert "called word_1" in ran.err
    assert "letters as things stand" in " ".join(ran.out.split())
    (word,) = world.ledgers[cycle].cycle.words.values()
    assert world.store.get_texts([word.subject, word.text]) == {
        word.subject: {"en": "Bring your passport"}, word.text: {"en": "The ferry asks for it."}
    }  # fmt: skip
    rows = world.store.held(cycle, "word_1/1")
    assert len(rows) > 1
    shown = desk("approve", "--step", "word_1", "--dry-run")
    assert "“Bring your passport” (word_1)" in " ".join(shown.out.split())
    waits = " ".join(desk("waiting").out.split()).replace("Approve", "approve")
    assert "approve the letter “Bring your passport” (word_1)" in waits
    assert "word_1" in desk(*AGREE, "--dry-run", staff=OLGA).out
    assert "for director to decide" in desk(*AGREE, "--yes").err
    said = desk(*AGREE, staff=OLGA, types=[str(len(rows))])
    assert said.code == 0, said.err
    assert f"{len(rows)} letters leave now" in said.err
    assert {row.state for row in world.store.letters(cycle, kind="word")} == {"queued"}
    told = " ".join(desk("history").out.split())
    assert "wrote the letter word_1, to invited: “Bring your passport”." in told
    assert "approved the letter “Bring your passport” (word_1)." in told
    assert "“Bring your passport” (word_1)" in " ".join(desk("history", "--last", "2").out.split())
    listed = desk("letters", "--json").data
    assert {row["kind"] for row in listed if row["step"] == "word_1"} == {"word"}
    assert "“word for word_1” (word_1)" in " ".join(desk("letters").out.split())


def test_nothing_leaves_before_it_is_approved_and_a_rejected_one_is_gone(desk: Desk, world: World, cycle: str):
    assert desk(*TO_INVITED).code == 0
    assert {row.state for row in world.store.letters(cycle, kind="word")} == {"held"}
    ran = desk("reject", "--step", "word_1", "--yes", "--reason", "Not yet")
    assert ran.code == 0, ran.err
    assert {row.state for row in world.store.letters(cycle, kind="word")} == {"dropped"}
    assert "it was dropped" in " ".join(desk("history").out.split())


def test_it_goes_to_those_in_the_group_by_then(desk: Desk, world: World, cycle: str):
    assert desk("write", "--to", "unanswered", *ONE).code == 0
    people = [row.to_ref for row in world.store.held(cycle, "word_1/1")]
    address = world.store.get_people(people[:1])[people[0]].address
    assert desk("register", address).code == 0
    data = desk(*AGREE, "--dry-run", "--json").data
    assert len(data["letters"]) == len(people) - 1
    assert desk(*AGREE, staff=OLGA, types=[str(len(people))]).code == 1
    assert desk(*AGREE, staff=OLGA, types=[str(len(people) - 1)]).code == 0
    states = {row.to_ref: row.state for row in world.store.letters(cycle, kind="word")}
    assert states.pop(people[0]) == "dropped"
    assert set(states.values()) == {"queued"}


def test_who_has_joined_since_and_who_wants_none_is_shown(desk: Desk, world: World, cycle: str):
    people = [row.to_ref for row in world.store.letters(cycle, kind="invitation")][:3]
    first, second, _ = (world.store.get_people(people)[ref].address for ref in people)
    assert desk("register", first).code == 0
    assert desk("opt-out", first, "--kind", "word").code == 0
    assert desk("write", "--to", "confirmed", *ONE).code == 0
    assert desk("register", second).code == 0
    shown = " ".join(desk(*AGREE, "--dry-run", staff=OLGA).out.split())
    assert "joined" in shown
    assert "not sent" in shown
    assert desk(*AGREE, staff=OLGA, types=["1"]).code == 0
    assert len(world.store.letters(cycle, "queued", kind="word")) == 2


def test_a_language_that_nobody_could_read_is_not_sent_to_who_joins_later(desk: Desk, world: World, cycle: str):
    from sqlalchemy import update

    from store.schema import people

    refs = [row.to_ref for row in world.store.letters(cycle, kind="invitation")][:2]
    with world.store.writing() as connection:
        connection.execute(update(people).where(people.c.ref == refs[1]).values(language="fi"))
    english, finnish = (world.store.get_people(refs)[ref] for ref in refs)
    assert desk("register", english.address).code == 0
    more = ("--subject", "Passi mukaan", "--text", "Laivalla kysytään.", "--language", "fi")
    ran = desk("write", "--to", "confirmed", *ONE, *more)
    assert "Nobody among them gets it in Finnish, nor does anybody who joins later" in " ".join(ran.err.split())
    assert desk("register", finnish.address).code == 0
    shown = desk(*AGREE, "--dry-run", staff=OLGA).out
    assert "joined since English" in " ".join(shown.split())
    assert ("English" in shown, "Finnish" in shown) == (True, False)
    assert desk(*AGREE, staff=OLGA, types=["2"]).code == 0
    (late,) = (row for row in world.store.letters(cycle, "queued", kind="word") if row.to_ref == finnish.ref)
    assert late.facts["shown"] == "en"


def test_where_all_have_left_and_others_have_come_the_letter_is_read_all_the_same(desk: Desk, world: World, cycle: str):
    refs = [row.to_ref for row in world.store.letters(cycle, kind="invitation")][:2]
    first, second = (world.store.get_people(refs)[ref].address for ref in refs)
    assert desk("register", first).code == 0
    assert desk("write", "--to", "confirmed", *ONE).code == 0
    assert desk("register", second).code == 0
    assert desk("withdraw", first).code == 0
    assert "this is your word" in desk(*AGREE, "--dry-run", staff=OLGA).out


def test_files_one_for_each_language_and_who_reads_neither(desk: Desk, world: World, cycle: str, tmp_path: Path):
    (tmp_path / "letter.en.md").write_text("# Bring your passport\n\nThe ferry asks for it.\n\nAll of you.\n", "utf-8")
    (tmp_path / "letter.fi.md").write_text("Passi mukaan\r\n\r\nLaivalla kysytään.\r\n", "utf-8")
    files = [str(tmp_path / f"letter.{code}.md") for code in ("en", "fi")]
    ran = desk("write", "--to", "invited", "--file", files[0], "--file", files[1])
    assert ran.code == 0, ran.err
    (word,) = world.ledgers[cycle].cycle.words.values()
    found = world.store.get_texts([word.subject, word.text])
    assert found[word.subject] == {"en": "Bring your passport", "fi": "Passi mukaan"}
    assert found[word.text] == {"en": "The ferry asks for it.\n\nAll of you.", "fi": "Laivalla kysytään."}


def test_people_and_libraries_may_be_named(desk: Desk, world: World, cycle: str):
    plan = world.plan(cycle)
    candidate = next(c for s in plan.steps if s.kind == "visits" for slot in s.slots for c in slot.candidates)
    person = world.store.letters(cycle, kind="invitation")[0].to_ref
    address = world.store.get_people([person])[person].address
    assert desk("write", "--to", address, "--to", candidate.host, *ONE).code == 0
    assert {row.to_ref for row in world.store.held(cycle, "word_1/1")} == {person, candidate.contact}


def test_the_groups_are_listed_with_how_many_are_in_each(desk: Desk, world: World, cycle: str):
    shown = desk("write", "--groups").out
    count = len(world.store.letters(cycle, kind="invitation"))
    assert any(line.split()[:2] == ["unanswered", str(count)] for line in shown.splitlines())


def test_a_dry_run_keeps_nothing(desk: Desk, world: World, cycle: str):
    length = world.store.cycle(cycle).length
    assert "Nothing was written." in desk(*TO_INVITED, "--dry-run").err
    assert (world.store.cycle(cycle).length, world.ledgers[cycle].cycle.words) == (length, {})


def test_copies_go_to_who_wrote_it_and_to_who_approves(desk: Desk, world: World, cycle: str):
    assert desk(*TO_INVITED, "--copy").code == 0
    ran = desk(*AGREE, "--yes", "--copy", staff=OLGA)
    assert ran.code == 0, ran.err
    assert "You get a copy" in ran.err
    assert {row.to_ref for row in world.store.letters(cycle, kind="copy")} == set(world.staff.values())


def test_a_copy_of_the_invitations(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("approve", "approve-invitations-1", "--yes", "--copy").code == 0
    (copy,) = world.store.letters(cycle, kind="copy")
    assert (copy.facts["copied"], copy.state) == ("invitation", "queued")
    assert len(world.store.letters(cycle, kind="invitation")) > 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--to", "waiting", *ONE], 1, "Nobody waits, so there is nobody to write to"),
        (["--to", "strangers", *ONE], 1, "is no group of this cycle"),
        (["--to", "nobody@nowhere.example", *ONE], 2, "has the address"),
        ([*ONE], 1, "Say to whom you write"),
        (["--to", "waiting", *ONE], 1, "or name another: `kierros write --groups` lists them"),
        ([*ONE], 1, "`kierros write --groups` says who is in which"),
        ([], 2, "It goes to those named with --to: `kierros write --groups` lists the groups"),
        (["--to", "invited"], 2, "A letter needs a subject and words"),
        (["--to", "invited", "--text", "x", "--subject", "A", "--language", "klingon"], 2, "no language that we know"),
        (["--to", "invited", "--text", "x", "--subject", "A", "--language", "pl"], 2, "would get one in Polish"),
        (["--to", "invited", *ONE, *ONE], 2, "there twice"),
        (["--to", "invited", "--text", "x", "--subject", "A\nBcc: y@x", "--language", "en"], 2, "control character"),
        (["--to", "invited", "--text", "x", "--subject", "=?utf-8?q?A?=", "--language", "en"], 2, "mail programs"),
        (["--to", "invited", "--text", "x", "--subject", "A\u202eB", "--language", "en"], 2, "direction of writing"),
        (["--to", "invited", "--text", "x\x1b[31m", "--subject", "A", "--language", "en"], 2, "control character"),
        (["--to", "invited", "--text", "x", "--subject", "A" * 151, "--language", "en"], 2, "at most 150 characters"),
        (["--to", "invited", "--text", "x" * 10_001, "--subject", "A", "--language", "en"], 2, "at most 10,000"),
        (["--to", "invited", "--text", " ", "--subject", "A", "--language", "en"], 2, "needs words"),
        (["--to", "invited", "--file", "nowhere.en.md"], 2, "cannot be read"),
        (["--to", "invited", "--file", "nowhere.en.md", *ONE], 2, "not both"),
    ],
)  # fmt: skip
def test_what_cannot_be_written(desk: Desk, world: World, cycle: str, words: list[str], code: int, said: str):
    length = world.store.cycle(cycle).length
    ran = desk("write", *words)
    assert ran.code == code, ran.err
    assert said in " ".join(ran.err.split())
    assert world.store.cycle(cycle).length == length
    assert world.ledgers[cycle].cycle.words == {}


def test_a_file_says_its_language_in_its_name_unless_there_is_but_one(desk: Desk, cycle: str, tmp_path: Path):
    for name in ("letter.md", "letter.klingon.md"):
        (tmp_path / name).write_text("Passports\n\nBring them.\n", "utf-8")
    ran = desk("write", "--to", "invited", "--file", str(tmp_path / "letter.klingon.md"))
    assert ran.code == 2
    assert "name the file like letter.fi.md" in " ".join(ran.err.split())
    assert desk("write", "--to", "invited", "--file", str(tmp_path / "letter.md")).code == 0
    assert desk("write", "--to", "invited", "--file", str(tmp_path / "letter.md"), "--language", "fi").code == 0


def test_a_link_in_the_text_is_taken(desk: Desk, world: World, cycle: str):
    link = "https://library.example/?q=?x"
    assert desk("write", "--to", "invited", "--subject", "Read", "--text", link, "--language", "en").code == 0
    (word,) = world.ledgers[cycle].cycle.words.values()
    assert world.store.get_texts([word.text])[word.text] == {"en": link}
