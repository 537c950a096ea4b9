"""Letters over SMTP: none before go-live, each once after it, and staff are asked about those that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.installation import installed, until
from tests.engine.post import mail_server

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def test_letters_leave_after_go_live_and_refused_ones_are_put_before_staff(tmp_path: Path) -> None:
    with mail_server() as (sink, settings), installed(tmp_path, **settings) as here:
        early = here.start(here.plan("Before"))
        here.prompt(early, step="invitations")
        here.do("approve", "--cycle", early, "--step", "invitations", "--yes")
        until(lambda: len(here.letters(early, "invitation")) == 3)
        until(lambda: all(r.tries == 0 and r.state == "queued" for r in here.letters(early, "invitation")))
        assert not sink.copies, "nothing reaches a mail server before go-live"

        assert "answers" in here.run("go-live").said  # it asks for confirmation, which takes a terminal
        assert not sink.copies
        here.go_live()
        live = here.start(here.plan("After"))
        here.prompt(live, step="invitations")
        here.do("approve", "--cycle", live, "--step", "invitations", "--yes")
        until(lambda: all(r.state == "sent" for r in here.letters(live, "invitation")), what="letters reach the server")
        invitations = {row.message_id for row in here.letters(live, "invitation")}
        until(
            lambda: {r.state for r in here.letters(early, "invitation")} == {"sent"}, within=60, what="what had waited"
        )
        assert {copies for (letter, _), copies in sink.copies.items() if letter in invitations} == {1}

        sink.mood = "for good"
        here.do("cancel", live, "--yes", "--reason", "The funding has ended")
        until(lambda: sink.asked["for good"] >= 3 and here.letters(live, "cycle_cancelled"))
        until(lambda: all(r.state != "sending" for r in here.letters(live)))
        assert {r.state for r in here.letters(live, "cycle_cancelled")} == {"failed"}

        other = here.start(here.plan("Refused"))
        here.prompt(other, step="invitations")
        here.do("approve", "--cycle", other, "--step", "invitations", "--yes")
        prompt = here.prompt(other, "letters")
        until(lambda: {r.state for r in here.letters(other, "invitation")} == {"failed"}, what="all are refused")
        sink.mood = "take"
        here.do("choose", prompt.id, "again", "--cycle", other, "--yes")
        until(lambda: {r.state for r in here.letters(other, "invitation")} == {"sent"}, what="they are tried again")
