"""Personal links: what each letter carries, and that nothing but them changes as it leaves."""

from __future__ import annotations

import re
from base64 import b64decode, encodebytes
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from letters.catalogues import catalogue, languages
from letters.compose import Composed
from letters.personal import LENGTH, MAY_UNSUBSCRIBE, ended_by, found_in, shown, stamped, stand_in, stand_ins, written
from store.links import LENGTH as TOKEN
from store.links import PURPOSES
from store.relinking import as_written
from tests.letters.world import KINDS, PLAN, facts, letter
from workers.held import opened

PORTAL = "https://exchange.library.example"
STAFF = {"decision_waiting", "decision_reminder", "copy", "data_kept_until"}
WITHOUT = STAFF | {"address_changed"}
"""The kinds without any link of their reader's own."""
HOST = ("host", "visits/first/helsinki")
MAIN: dict[str, Any] = {
    **dict.fromkeys(("invitation", "invitation_reminder", "deadline_moved"), ("invitation", "registration")),
    **dict.fromkeys(
        (
            "deadline_extended", "application_received", "place_confirmed", "place_waiting", "place_offered",
            "seminar_programme", "seminar_changed", "programme_changed", "visit_booked", "visit_cancelled",
            "still_coming", "still_coming_reminder", "offer_expired", "place_withdrawn",
        ),
        ("place", ""),
    ),
    **dict.fromkeys(("survey", "survey_reminder"), ("feedback", "feedback")),
    **dict.fromkeys(("host_request", "host_reminder", "host_confirmed", "host_changed", "host_date_kept"), HOST),
    "host_thanks": ("host_feedback", HOST[1]),
    "erasure_asked": ("data", "erase"),
    "answer_accepted": ("nominate", "registration/district"),
    "answer_refused": ("invitation", "registration"),
    **dict.fromkeys(
        ("nomination_invitation", "nomination_reminder", "nomination_moved", "nomination_request"),
        ("nominate", "registration/district"),
    ),
}  # fmt: skip
"""What each kind of letter asks for; the others carry the link to one's data only."""


def with_links(kind: Any, language: str = "en", **changes: Any) -> Composed:
    return letter(kind, language, portal=PORTAL, **changes)


def said(message: bytes) -> tuple[str, str]:
    """The text and the page as a mail program reads them."""
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    parts = [read.get_body((form,)) for form in ("plain", "html")]
    text, page = (str(part.get_content()) for part in parts if part is not None)
    return text.replace("\r\n", "\n"), page


def tokens(made: Composed, kind: Any) -> dict[str, str]:
    """Stand-in to token, each of another letter."""
    one = facts(kind)
    codes = stand_ins(one, one.reader.ref, PLAN)
    return {code: chr(ord("a") + number) * LENGTH for number, code in enumerate(codes)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_carries_the_link_for_what_it_asks(kind: Any):
    one = facts(kind, portal=PORTAL)
    found = stand_ins(one, one.reader.ref, PLAN)
    if kind in WITHOUT:
        assert found == {}
        assert found_in(with_links(kind).message) == frozenset()
        return
    wanted = {MAIN[kind]} if kind in MAIN else set()
    if kind in {"survey", "survey_reminder"}:
        wanted |= {("learned", "")}
    if kind == "new_link":
        wanted = {("place", ""), HOST, ("feedback", "feedback")}
    # the link that confirms an erasure stands in no other letter
    wanted |= {("data", "erase" if kind == "erasure_asked" else "")} | (
        {("optout", MAY_UNSUBSCRIBE[kind])} if kind in MAY_UNSUBSCRIBE else set()
    )
    assert set(found.values()) == wanted
    assert {purpose for purpose, _ in wanted} <= PURPOSES
    assert found_in(with_links(kind).message) == set(found), "what stands in it is what will be filled in"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_a_link_stands_on_a_line_of_its_own_and_behind_words_of_the_page(kind: Any, language: str):
    made = with_links(kind, language)
    lines = [line for line in made.text.split("\n") if PORTAL in line]
    assert all(re.fullmatch(rf"{PORTAL}/([lo]/LINK-[a-z_0-9-]+|staff/decisions/\S+)", line) for line in lines)
    linked = re.findall(r'<a href="([^"]+)">[^<]+</a>', made.html)
    assert linked == lines, "text and page say the same"
    buttons = re.findall(r'<p class="way"><a href="([^"]+)">[^<]+</a><small>([^<]+)</small></p>', made.html)
    assert all(behind == shown for behind, shown in buttons), "and the page shows where a button leads"
    assert len(buttons) == made.html.count('<p class="way"><a ')


@pytest.mark.parametrize("kind", KINDS)
def test_where_no_pages_are_known_a_letter_has_no_link(kind: Any):
    made = letter(kind)
    assert found_in(made.message) == frozenset()
    assert "http" not in made.text
    assert "<a " not in made.html


@pytest.mark.parametrize("language", ["en", "fi", "ru"])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - WITHOUT))
def test_what_leaves_is_what_was_approved_but_for_the_links(kind: Any, language: str):
    made = with_links(kind, language)
    filled = tokens(made, kind)
    left = stamped(made.message, filled)
    assert len(left) == len(made.message)
    assert found_in(left) == frozenset()
    text, page = said(made.message)
    for code, token in filled.items():
        text, page = text.replace(code, token), page.replace(code, token)
    assert said(left) == (text, page)
    assert all(token in text and token in page for token in filled.values())
    before, after = made.message.split(b"\r\n"), left.split(b"\r\n")
    assert [len(line) for line in before] == [len(line) for line in after], "the same lines"
    back = {token: code for code, token in filled.items()}
    assert filled_back(left, back) == made.message


def filled_back(message: bytes, codes: dict[str, str]) -> bytes:
    """The letter as it was approved, from the one that has left, by other means than it was filled in."""
    for token, code in codes.items():
        for at in range(LENGTH):
            soft = b"=\r\n" if at else b""
            message = message.replace(
                token[:at].encode() + soft + token[at:].encode(), code[:at].encode() + soft + code[at:].encode()
            )

    def again(found: re.Match[bytes]) -> bytes:
        raw = b64decode(found[0])
        for token, code in codes.items():
            raw = raw.replace(token.encode(), code.encode())
        return encodebytes(raw).rstrip(b"\n").replace(b"\n", b"\r\n")

    return re.sub(rb"(?<=base64\r\n\r\n)[A-Za-z0-9+/=\r\n]+?(?=\r\n--=_)", again, message)


def test_a_link_that_quoted_printable_breaks_is_filled_in_all_the_same():
    code, token = stand_in("place"), "Abcdefghijklmnopqrstuv-_"
    for at in range(1, LENGTH):
        broken = f"see {code[:at]}=\r\n{code[at:]}=\r\n.\r\n".encode()
        assert found_in(broken) == {code}
        assert stamped(broken, {code: token}) == f"see {token[:at]}=\r\n{token[at:]}=\r\n.\r\n".encode()


def test_words_that_only_look_like_a_link_stay():
    message = b"LINK-place-0------------ LINK-other-0------------ LINK-up with us"
    assert stamped(message, {stand_in("place"): "t" * LENGTH}) == b"t" * LENGTH + message[LENGTH:]


def test_a_token_of_another_length_would_move_the_bytes_and_is_refused():
    assert LENGTH == TOKEN
    with pytest.raises(ValueError, match="24 characters, not 3"):
        stamped(stand_in("place").encode(), {stand_in("place"): "abc"})


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_every_purpose_has_room_in_a_stand_in(purpose: str):
    assert len(stand_in(purpose, 99)) == LENGTH
    assert found_in(stand_in(purpose, 99).encode()) == {stand_in(purpose, 99)}


def test_a_copy_for_staff_says_that_a_link_stands_there_and_holds_none():
    made = with_links("copy", facts={"copied": "seminar_programme", "language": "en", "as": "p_anna"})
    assert "See your place:\n(each reader's own link stands here)" in made.text
    assert "http" not in made.text
    assert "<a " not in made.html
    assert message_from_bytes(made.message)["List-Unsubscribe"] is None


def test_staff_are_led_to_the_decision_and_sign_in_there():
    one = with_links("decision_waiting", facts={"prompt": "approve-invitations-1"})
    assert f"{PORTAL}/staff/decisions/{PLAN.id}/approve-invitations-1\n" in one.text
    assert one.text.index("staff/decisions") < one.text.index("kierros approve approve-invitations-1")


def test_with_a_link_answering_comes_first_and_mail_second():
    for kind in ("invitation", "place_offered", "deadline_moved", "still_coming", "host_request", "nomination_request"):
        words = with_links(kind).text
        assert words.index(f"{PORTAL}/l/") < words.index("Or just reply to this letter.")
        assert "Please reply to this letter" not in words


def test_a_speaker_has_no_place_to_see():
    assert all(link[0] == "data" for link in stand_ins(facts("seminar_changed"), "p_jens", PLAN).values())


@pytest.mark.parametrize("kind", ["survey", "survey_reminder"])
def test_feedback_without_a_name_and_what_one_learned_with_it_have_a_link_each(kind: Any):
    words = with_links(kind).text
    first, second = (words.index(f"{PORTAL}/l/{stand_in(*link)}") for link in (("feedback",), ("learned", 1)))
    assert "Answer the questions:" in words[:first]
    assert "kept with your name: what you learned" in words[first:second]
    assert "Your answers to the questions stay without your name." in words[first:second]


def test_whoever_looks_over_a_letter_sees_that_a_link_will_stand_there():
    words = shown(with_links("invitation").text)
    assert "LINK-" not in words
    assert "Answer here:\n(the reader's own link)\n" in words


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_that_a_link_will_stand_there_is_said_in_the_letters_language(language: str):
    words = shown(with_links("invitation", language).text, language)
    assert "LINK-" not in words
    assert "own link" not in words
    stands = catalogue(language).gettext("(the reader's own link)")
    assert f"\n{stands}\n" in words


@pytest.mark.parametrize("language", ["fi", "ru"])
def test_a_letter_that_is_read_before_it_leaves_is_in_one_language(language: str):
    reading = opened(with_links("invitation", language).message, language)
    assert reading is not None
    assert "own link" not in reading.text


def test_links_are_written_down_with_a_letter_and_read_again():
    links = [("place", ""), HOST, ("nominate", "registration/a")]
    assert [written(pair) for pair in as_written(links).split()] == links


def test_a_letter_of_several_links_has_each_once():
    made = with_links("new_link")
    assert [line for line in made.text.split("\n") if "/l/" in line] == [
        f"{PORTAL}/l/{stand_in(purpose, number)}"
        for purpose, number in (("place", 0), ("host", 1), ("feedback", 2), ("data", 0))
    ]
    assert "See the visit · Helsinki City Library" in made.text


def test_whoever_wants_no_invitations_gets_no_reminders_of_them():
    assert ended_by("invitation") == ("invitation", "invitation_reminder")
    assert ended_by("survey") == ("survey", "survey_reminder")
    assert ended_by("place_confirmed") == ()
