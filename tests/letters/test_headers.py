"""What stands in a letter's headers: exactly what is meant, whatever a name or a theme contains."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.plan import CyclePlan
from letters.catalogues import languages
from letters.compose import Composed, compose
from letters.facts import Reader, Sender
from letters.headers import UnsafeHeader, address, mailbox, message_id, safe, unstructured, unsubscribe
from letters.personal import MAY_UNSUBSCRIBE
from tests.letters.world import ANNA, KINDS, MESSAGE_ID, ORGANISER, PLAN, SENDER, SENT_AT, facts, letter

ENCODED_BCC = "=?utf-8?q?Ann=0D=0ABcc:_x@y?="
TRICKS = {
    "an encoded word with a line break in it": ENCODED_BCC,
    "half of an encoded word": "Ann =?utf-8?b?",
    "a line break": "Ann\r\nBcc: x@y.example",
    "a lone line feed": "Ann\nBcc: x@y.example",
    "a lone carriage return": "Ann\rBcc: x@y.example",
    "a null": "Ann\x00",
    "a vertical tab": "Ann\x0bBcc: x@y.example",
    "a C1 control": "Ann\x85Bcc: x@y.example",
    "a line separator": "Ann\u2028Bcc: x@y.example",
    "a change of direction": "Ann \u202eelpmaxe.y@x",
    "an isolate": "Ann \u2066x",
    "half a character": "Ann \ud800",
}
GOLDEN = """\
From: Helsinki City Library <exchange@library.example>\r
To: Anna Petrova <anna@kaliningrad.example>\r
Reply-To: Ritva Hakala <ritva.hakala@library.example>\r
Subject: Please answer by 3 February: seminar and visits, Staff competences\r
 and projects\r
Date: Mon, 09 Jan 2012 08:30:00 +0000\r
Message-ID: <l-0001@library.example>\r
Content-Language: en\r
Auto-Submitted: auto-generated\r
X-Auto-Response-Suppress: All\r
List-Unsubscribe: <mailto:ritva.hakala@library.example?subject=unsubscribe>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="=_d792eb7a5cdf4035d3e7f84d"\r
"""


def parsed(made: Composed) -> EmailMessage:
    found = message_from_bytes(made.message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_headers_of_an_invitation_are_these():
    head, _, _ = letter("invitation").message.decode("ascii").partition("\r\n\r\n")
    assert head + "\r\n" == GOLDEN


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_has_these_headers_and_no_other(kind):
    wanted = [
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted",
        "X-Auto-Response-Suppress", *(["List-Unsubscribe"] if kind in MAY_UNSUBSCRIBE else []), "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert parsed(letter(kind)).keys() == wanted


def test_only_invitations_surveys_and_letters_of_staffs_own_offer_to_unsubscribe():
    invitations = {"invitation", "invitation_reminder", "nomination_invitation", "nomination_reminder"}
    assert {*invitations, "survey", "survey_reminder", "word"} == set(MAY_UNSUBSCRIBE)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_seven_bit_with_lines_that_every_server_takes(kind, language):
    message = letter(kind, language).message
    assert message.isascii()
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert b"\r" not in message.replace(b"\r\n", b"")
    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert max(map(len, message.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize("language", languages())
def test_both_forms_can_be_read_from_the_letter_again(language):
    made = letter("invitation", language)
    message = parsed(made)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == made.text
    assert html.get_content().replace("\r\n", "\n") == made.html
    assert message["Subject"] == made.subject


def test_there_is_one_recipient():
    to = parsed(letter("invitation"))["To"].addresses
    assert [mailbox.addr_spec for mailbox in to] == [ANNA.address]


@pytest.mark.parametrize("what", TRICKS)
@pytest.mark.parametrize("who", ["reader", "organiser", "sender"])
def test_a_name_may_not_contain(who, what):
    given_to: dict[str, Reader | Sender] = {"reader": ANNA, "organiser": ORGANISER, "sender": SENDER}
    given_to[who] = given_to[who].model_copy(update={"name": TRICKS[what]})
    made_of = facts("invitation", reader=given_to["reader"], organiser=given_to["organiser"])
    with pytest.raises(UnsafeHeader) as refused:
        compose(made_of, message_id=MESSAGE_ID, sender=given_to["sender"], sent_at=SENT_AT)  # type: ignore[arg-type]
    assert refused.value.field == {"reader": "To", "organiser": "Reply-To", "sender": "From"}[who]
    assert "Ann" not in str(refused.value)


def themed(theme: str) -> CyclePlan:
    return PLAN.model_copy(update={"theme_name": {"en": theme}})


@pytest.mark.parametrize("what", ["an encoded word with a line break in it", "a change of direction", "a null"])
def test_a_theme_may_not_contain(what):
    with pytest.raises(UnsafeHeader) as refused:
        letter("invitation", plan=themed(TRICKS[what]))
    assert refused.value.field == "Subject"


def test_a_theme_on_two_lines_makes_a_subject_on_one():
    made = letter("thanks", plan=themed("Staff\r\nBcc: x@y.example"))
    assert made.subject == "Thank you, the year is complete: Staff Bcc: x@y.example"
    assert "Bcc" not in parsed(made)


@pytest.mark.parametrize(
    "bad",
    [
        "", "anna", "@x.example", "anna@", "a b@x.example", "anna@x..example", "anna@-x.example",
        "anna@x.example, eve@y",
        "anna@x.example\r\nRCPT TO:<eve@y.example>", "<anna@x.example>", "anna@x.example>", '"a\\"b"@x.example',
        "änna@x.example", ".anna@x.example", "anna..b@x.example", "anna@x.example\u202e", "=?utf-8?q?a?=@x.example",
        "a" * 65 + "@x.example", "anna@" + "x" * 64 + ".example", "anna@" + "x." * 130 + "example", "anna@[127.0.0.1]",
    ],
)  # fmt: skip
def test_no_address_is(bad):
    with pytest.raises(UnsafeHeader):
        address("To", bad)
    with pytest.raises(UnsafeHeader):
        letter("invitation", reader=ANNA.model_copy(update={"address": bad}))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("anna@library.example", "anna@library.example"),
        ("Anna.P+books@library.example", "Anna.P+books@library.example"),
        ("o'brien@library.example", "o'brien@library.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@localhost", "anna@localhost"),
    ],
)
def test_an_address_is_sent_in_ascii(written, sent):
    assert address("To", written) == sent


def test_an_address_with_a_domain_outside_ascii_is_in_the_header_in_its_idna_form():
    made = letter("invitation", reader=ANNA.model_copy(update={"address": "anna@bücher.example"}))
    assert b"To: Anna Petrova <anna@xn--bcher-kva.example>\r\n" in made.message


def test_no_letter_goes_to_a_domain_that_poses_as_another():
    with pytest.raises(UnsafeHeader, match="letters of two alphabets"):
        address("To", "h@n\u0430rva.example")


def words_of(name: str) -> str:
    """A name without its blanks: Python before 3.12 reads one more between two encoded words."""
    return "".join(name.split())


def test_a_long_name_has_its_blanks_where_they_were():
    line = mailbox("To", "Анна Петровна Иванова-Смирнова", ANNA.address)
    assert str(make_header(decode_header(line))) == f"Анна Петровна Иванова-Смирнова <{ANNA.address}>"


@pytest.mark.parametrize(
    "name",
    [
        "Anna Petrova", "Petrova, Anna", 'Anna "Anja" Petrova', "Anna (home)", "Анна Петровна Иванова-Смирнова",
        "Åsa Öberg", "Anna <x@y.example>", "back\\slash", "a" * 200, "Я" * 120, "李小龍", "Anna; Eve", "Dr. Anna",
        "  two   blanks  ", "x" * 60, "x" * 66, "x y " * 18,
        "👩‍🏫 Anna", "", "anna@library.example", "Petrova, Anna " * 8,
    ],
)  # fmt: skip
def test_any_honest_name_arrives_as_it_was_written(name):
    made = letter("invitation", reader=ANNA.model_copy(update={"name": name}))
    (to,) = parsed(made)["To"].addresses
    assert words_of(to.display_name) == words_of(name)
    assert to.addr_spec == ANNA.address


@given(st.text(max_size=200))
def test_a_name_is_either_refused_or_arrives_and_never_adds_a_header(name):
    try:
        line = mailbox("To", name, ANNA.address)
    except UnsafeHeader:
        return
    message = message_from_bytes(f"To: {line}\r\nX-Last: 1\r\n\r\n".encode("ascii"), policy=policy.default)
    assert message.keys() == ["To", "X-Last"]
    (to,) = message["To"].addresses
    assert (words_of(to.display_name), to.addr_spec) == (words_of(name), ANNA.address)


@given(st.text(max_size=300))
def test_a_subject_is_either_refused_or_arrives_and_never_adds_a_header(subject):
    subject = " ".join(subject.split())
    try:
        line = unstructured(safe("Subject", subject), 9)
    except UnsafeHeader:
        return
    message = message_from_bytes(f"Subject: {line}\r\nX-Last: 1\r\n\r\n".encode("ascii"), policy=policy.default)
    assert message.keys() == ["Subject", "X-Last"]
    assert message["Subject"] == subject


@pytest.mark.parametrize("bad", ["", "x@y", "<x>", "<x@y>\r\nBcc: a@b", "<x y@z>", "<x@y", "<ä@y>", "<a@b><c@d>"])
def test_no_message_id_is(bad):
    with pytest.raises(UnsafeHeader):
        message_id(bad)
    with pytest.raises(UnsafeHeader):
        compose(facts("thanks"), message_id=bad, sender=SENDER, sent_at=SENT_AT)


def test_what_is_special_in_a_mailto_is_escaped():
    assert unsubscribe("a+b?c&d@x.example") == "<mailto:a%2Bb%3Fc%26d@x.example?subject=unsubscribe>"


def test_answers_go_to_a_person_and_not_to_the_machine():
    assert parsed(letter("invitation"))["Reply-To"].addresses[0].addr_spec == ORGANISER.address


@pytest.mark.parametrize("kind", sorted(MAY_UNSUBSCRIBE))
def test_one_click_unsubscribes_where_there_is_a_page_and_a_letter_still_does(kind):
    read = parsed(letter(kind, portal="https://exchange.library.example"))
    assert read["List-Unsubscribe"] == (
        "<https://exchange.library.example/o/LINK-optout-0----------->, "
        "<mailto:ritva.hakala@library.example?subject=unsubscribe>"
    )
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("page", ["https://x.example/o/\r\nBcc: a@b.example", "javascript:x", "https://x.example/o/ä"])
def test_an_address_of_a_page_that_is_none_enters_no_header(page: str):
    with pytest.raises(UnsafeHeader, match="KIERROS_PORTAL_URL"):
        unsubscribe("a@x.example", page)
