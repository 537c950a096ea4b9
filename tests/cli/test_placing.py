"""`substitute` at the terminal: in whose language she is written to, and why it is refused."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import World

ANNA, CECILIA, EVA = "anna@home-library.example", "cecilia@second-library.example", "eva@home-library.example"


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    """A cycle in which Anna, who reads Finnish, has a place."""
    started = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    words = ["--name", "Aino Berg", "--library", "home-library", "--language", "fi"]
    assert desk("register", "aino@home-library.example", *words).code == 0
    return started


@pytest.mark.parametrize(("option", "language"), [([], "fi"), (["--language", "sv"], "sv")])
def test_a_substitute_is_written_to_in_the_language_of_whose_place_it_is(
    desk: Desk, world: World, cycle: str, option: list[str], language: str
):
    ran = desk("substitute", "aino@home-library.example", EVA, "--name", "Eva Holm", *option)
    assert ran.code == 0, ran.err
    new = world.store.by_address(cycle, EVA)
    assert new is not None
    assert new.language == language


def test_a_substitute_from_elsewhere_is_refused_with_the_name_of_the_library(desk: Desk, cycle: str):
    ran = desk("substitute", "aino@home-library.example", CECILIA)
    assert ran.code == 1
    assert "The place of Aino Berg is one of Our own library, and a substitute comes from the same" in ran.sentence


def test_the_registration_is_said_where_a_library_sends_to_one_of_several(desk: Desk, cycle: str):
    """The plan has one; of which is meant the rules hear, and refuse what is none or asks the library for nothing."""
    said = {step: desk("nominate", "second-library", CECILIA, "--step", step) for step in ("registration", "feedback")}
    assert {ran.code for ran in said.values()} == {1}
    assert "is not asked to choose" in said["registration"].sentence
    assert "feedback" in said["feedback"].sentence
    assert "is not asked to choose" not in said["feedback"].sentence
