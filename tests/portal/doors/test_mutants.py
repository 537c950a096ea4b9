"""The judge notices planted faults; else the requests would prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import guard, house
from portal.pages import staff_people
from store.links import Closed, Links
from tests.portal.doors.fuzzing import fuzz
from tests.portal.doors.judging import Wrong
from tests.portal.doors.town import a_town

Plant = Callable[[pytest.MonkeyPatch], None]


def a_look_uses_the_link_up(patch: pytest.MonkeyPatch) -> None:
    honest = Links.open

    def open_(self: Links, token: str, now: Any = None) -> Any:
        found = honest(self, token, now)
        if not isinstance(found, Closed):
            self.use(found, now)
        return found

    patch.setattr(Links, "open", open_)


def a_page_forgets_the_cycle(patch: pytest.MonkeyPatch) -> None:
    def person_of(request: Any, case: Any) -> Any:
        ref = request.path_params["person"]
        return case.who.house.store.get_people([ref]).get(ref)

    patch.setattr(staff_people, "person_of", person_of)


def no_nosniff(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guard, "_ALWAYS", [pair for pair in guard._ALWAYS if pair[0] != b"x-content-type-options"])


def a_token_is_logged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guard, "shown", lambda scope: scope["path"])


def a_form_needs_no_seal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guard, "sealed_by_us", lambda _request, _given: True)


def a_broken_name_is_a_fault(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guard, "_hostname", lambda request: house.urlsplit(f"//{request.headers.get('host', '')}").hostname)


PLANTED: dict[str, tuple[Plant, str]] = {
    "a GET that writes": (a_look_uses_the_link_up, "changed"),
    "a page that forgets the cycle": (a_page_forgets_the_cycle, "a page with"),
    "an answer without nosniff": (no_nosniff, "no x-content-type-options"),
    "a token in the log": (a_token_is_logged, "a token in the log"),
    "a form without its seal": (a_form_needs_no_seal, "without its seal"),
    "an answer that is a fault": (a_broken_name_is_a_fault, "a fault of ours"),
}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PLANTED)
def test_the_judge_notices(
    name: str, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    plant, said = PLANTED[name]
    town = a_town(tmp_path, monkeypatch)
    plant(monkeypatch)

    with pytest.raises(Wrong, match=said):
        fuzz(town, seed, 1_500, lambda: "".join(capfd.readouterr()))

    town.close()
