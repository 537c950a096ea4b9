"""What may be said of people in a rehearsal, and what is told when it cannot be played."""

from __future__ import annotations

from datetime import date

import pytest

from rehearsal.casting import Cast, NotPlayable, cast
from rehearsal.script import CAN_BE_SAID, HomeLine, HostLine, NotUnderstood, PersonLine, Quiet, Script, read_script

KNOWN = Cast(
    hosts=(("dokk1", "dokk1"), ("Dokk1 Aarhus", "dokk1")),
    people=(("Anna Lind", "p_anna"), ("Olle Lind", "p_olle")),
    speakers=(("Eva Dahl", "p_eva"),),
    homes=(("gusev", "gusev"), ("Gusev library", "gusev")),
)


def test_the_sentences_of_a_year_are_read():
    script = read_script(["the first host declines, five cancel, nobody answers in July"])
    assert script == Script(hosts=(HostLine(1, "decline"),), cancelling=5, quiet=(Quiet(month=7),))


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("every host is silent", Script(hosts=(HostLine(0, "silent"),))),
        ("malmo proposes other dates", Script(hosts=(HostLine("malmo", "propose"),))),
        ("The second host confirms.", Script(hosts=(HostLine(2, "confirm"),))),
        ("the first host wishes to move", Script(hosts=(HostLine(1, "move"),))),
        ("the first host wishes to move to 2027-05-31", Script(hosts=(HostLine(1, "move", to=date(2027, 5, 31)),))),
        ("malmo proposes 2027-05-31", Script(hosts=(HostLine("malmo", "propose", to=date(2027, 5, 31)),))),
        ("no contact chooses", Script(homes=(HomeLine(""),))),
        ("the contact of Gusev library does not choose", Script(homes=(HomeLine("gusev library"),))),
        ("the contact of gusev chooses Anna Lind", Script(homes=(HomeLine("gusev", "anna lind"),))),
        ("all hosts wish to move", Script(hosts=(HostLine(0, "move"),))),
        ("two cannot come any more", Script(missing=2)),
        ("nobody registers", Script(registering=0)),
        ("everybody registers", Script()),
        ("12 register", Script(registering=12)),
        ("two decline the invitation", Script(declining=2)),
        ("one withdraws", Script(cancelling=1)),
        ("nobody takes an offer", Script(taking_offers=False)),
        ("4 give feedback", Script(answering=4)),
        ("staff take 3 days; hosts take ten days", Script(staff_days=3, host_days=10)),
        (
            "nobody answers from 2027-07-01 to 2027-07-31",
            Script(quiet=(Quiet(first=date(2027, 7, 1), last=date(2027, 7, 31)),)),
        ),
    ],
)
def test_one_sentence(sentence: str, wanted: Script):
    assert read_script([sentence]) == wanted


@pytest.mark.parametrize("sentence", CAN_BE_SAID)
def test_everything_that_is_offered_can_be_said(sentence: str):
    assert read_script([sentence.split(" (", maxsplit=1)[0]]) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "the host sings",
        "nobody answers in Juli",
        "nobody answers from 2027-08-01 to 2027-07-01",
        "x cancel",
        "malmo declines 2027-05-31",
        "the first host wishes to move to 2027-02-31",
        "staff take 99999999999 days",
        "nobody answers from 0001-01-01 to 9999-12-31",
    ],
)
def test_what_cannot_be_played_is_told_what_can(sentence: str):
    with pytest.raises(NotUnderstood, match="What can be said") as why:
        read_script([sentence])
    assert f"“{sentence}”" in str(why.value)


def test_the_last_sentence_about_a_host_holds():
    script = read_script(["every host declines", "malmo confirms"])
    assert (script.host("malmo", 1).answer, script.host("espoo", 2).answer) == ("confirm", "decline")


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Anna Lind cancels", PersonLine("anna lind", "cancel")),
        ("the participant Anna Lind is ill", PersonLine("anna lind", "cancel")),
        ("Anna Lind declines the invitation", PersonLine("anna lind", "decline")),
        ("Anna registers", PersonLine("anna", "register")),
        ("Anna registers late", PersonLine("anna", "late")),
        ("Anna Lind cannot come any more", PersonLine("anna lind", "missing")),
    ],
)
def test_one_person_by_name(sentence: str, wanted: PersonLine):
    assert read_script([sentence]) == Script(people=(wanted,))


def test_a_host_and_a_person_are_told_apart_by_who_is_known():
    said = cast(read_script(["Dokk1 Aarhus declines, Anna Lind is silent"]), KNOWN)
    assert said.hosts == (HostLine("dokk1", "decline"),)
    assert said.people == (PersonLine("p_anna", "silent"),)


def test_the_contact_of_a_library_and_whom_she_chooses_are_known_by_name():
    said = cast(read_script(["the contact of Gusev library chooses Anna Lind"]), KNOWN)
    assert said.homes == (HomeLine("gusev", "p_anna"),)


def test_one_word_of_a_name_is_enough_where_one_person_has_it():
    assert cast(read_script(["anna registers"]), KNOWN).people == (PersonLine("p_anna", "register"),)
    with pytest.raises(NotPlayable, match="2 are called that"):
        cast(read_script(["lind cancels"]), KNOWN)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Ana Lind declines", "Did you mean Anna Lind"),
        ("five decline", "nobody here is called “five”. Hosts: dokk1. Invited: Anna Lind, Olle Lind. A number of"),
        ("the speaker Eva Dahl is ill", "no date changes. .* kierros replace ADDRESS .* Speakers: Eva Dahl"),
        ("the speaker is ill", "no date changes. .* kierros replace ADDRESS .* Speakers: Eva Dahl"),
        ("the contact of Malmo chooses Anna", "nobody is invited from “malmo”. Libraries: gusev"),
        ("the contact of Gusev library chooses Ana Lind", "Did you mean Anna Lind"),
        ("Anna Lind proposes other dates", "only a host proposes"),
    ],
)
def test_whoever_is_not_known_is_named_with_who_is(sentence: str, why: str):
    with pytest.raises(NotPlayable, match=why) as no:
        cast(read_script([sentence]), KNOWN)
    assert f"“{sentence}”" in str(no.value)
