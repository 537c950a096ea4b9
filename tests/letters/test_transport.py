"""Sending over SMTP, against a real server that accepts, refuses, defers, hangs and hangs up."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from letters.transport import Deferred, Delivered, Refused, SenderRefused, SmtpTransport, Suspect, redact
from tests.letters.world import ANNA, SENDER, letter

LETTER = letter("invitation").message


def free_port() -> int:
    """A port on which nothing listens at the moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Post:
    """A mail server's behaviour, set by each test; keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.peers: set[Any] = set()
        self.has_letter = threading.Event()
        self.mail, self.rcpt, self.data = "250 OK", "250 OK", "250 taken"
        self.hang, self.drop = "", ""
        self.once = False

    async def handle_MAIL(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        envelope.mail_from = address
        return await self._said("mail", server, self.mail)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._said("rcpt", server, self.rcpt)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await self._said("data", server, self.data)
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    async def _said(self, stage: str, server: SMTP, answer: str) -> str:
        if stage == "data":
            self.has_letter.set()
        if self.hang == stage:
            await asyncio.Event().wait()
        if self.drop == stage:
            assert server.transport is not None
            server.transport.abort()
            self.drop = "" if self.once else stage
        return answer


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def transport(port: int, **options: Any) -> SmtpTransport:
    return SmtpTransport("127.0.0.1", port, **{"security": "none", "timeout": 5.0, "hello": "test.example", **options})


async def send(port: int, to: str = ANNA.address, **options: Any) -> Any:
    async with transport(port, **options) as smtp:
        return await smtp.send(LETTER, SENDER.address, to)


async def test_a_letter_that_is_taken_is_delivered_byte_for_byte_to_its_one_recipient(post, port):
    assert isinstance(await send(port), Delivered)
    (envelope,) = post.taken
    assert envelope.mail_from == SENDER.address
    assert envelope.rcpt_tos == [ANNA.address]
    assert envelope.content == LETTER


async def test_many_letters_go_over_one_connection_each_to_one_recipient(post, port):
    async with transport(port) as smtp:
        for number in range(5):
            assert isinstance(await smtp.send(LETTER, SENDER.address, f"p{number}@x.example"), Delivered)
    assert len(post.peers) == 1
    assert [e.rcpt_tos for e in post.taken] == [[f"p{n}@x.example"] for n in range(5)]


async def test_letters_sent_at_once_do_not_mix(post, port):
    async with transport(port) as smtp:
        await asyncio.gather(*(smtp.send(LETTER, SENDER.address, f"p{n}@x.example") for n in range(8)))
    assert sorted(e.rcpt_tos[0] for e in post.taken) == [f"p{n}@x.example" for n in range(8)]
    assert all(len(e.rcpt_tos) == 1 for e in post.taken)


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 unknown", Refused), ("553 no", Refused), ("451 4.7.1 later", Deferred), ("452 full", Deferred),
        ("421 closing", Deferred), ("530 5.7.0 log in first", Deferred),
    ],
)  # fmt: skip
async def test_an_answer_settles_the_matter(post, port, stage, answer, outcome):
    setattr(post, stage, answer)
    found = await send(port)
    assert isinstance(found, outcome)
    assert found.detail.startswith(answer[:3])
    assert not post.taken


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.7.1 sender rejected", SenderRefused), ("553 not your domain", SenderRefused),
        ("530 5.7.0 log in first", SenderRefused), ("451 4.7.1 later", Deferred), ("421 closing", Deferred),
    ],
)  # fmt: skip
async def test_a_no_to_our_sender_is_not_the_readers(post, port, answer, outcome):
    post.mail = answer
    found = await send(port)
    assert type(found) is outcome
    assert found.detail.startswith(answer[:3])
    post.mail = "250 OK"
    assert isinstance(await send(port), Delivered)


async def test_a_sender_that_is_no_address_is_ours_to_mend(port):
    async with transport(port) as smtp:
        assert isinstance(await smtp.send(LETTER, "nobody", ANNA.address), SenderRefused)
        assert isinstance(await smtp.send(LETTER, SENDER.address, "nobody"), Refused)


async def test_after_a_no_the_next_letter_goes(post, port):
    async with transport(port) as smtp:
        post.rcpt = "550 no"
        assert isinstance(await smtp.send(LETTER, SENDER.address, "x@x.example"), Refused)
        post.rcpt, post.data = "250 OK", "451 later"
        assert isinstance(await smtp.send(LETTER, SENDER.address, "y@x.example"), Deferred)
        post.data = "250 OK"
        assert isinstance(await smtp.send(LETTER, SENDER.address, "z@x.example"), Delivered)
    assert [e.rcpt_tos for e in post.taken] == [["z@x.example"]]


async def test_a_connection_lost_after_data_leaves_a_suspect(post, port):
    post.drop = "data"
    assert isinstance(await send(port), Suspect)


async def test_no_answer_after_data_leaves_a_suspect(post, port):
    post.hang = "data"
    assert isinstance(await send(port, timeout=0.3), Suspect)


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
@pytest.mark.parametrize("fault", ["drop", "hang"])
async def test_a_fault_before_data_leaves_the_letter_certainly_undelivered(post, port, stage, fault):
    setattr(post, fault, stage)
    assert isinstance(await send(port, timeout=0.3), Deferred)
    assert not post.taken


async def test_after_a_suspect_the_next_letter_goes_over_a_new_connection(post, port):
    async with transport(port) as smtp:
        post.drop = "data"
        assert isinstance(await smtp.send(LETTER, SENDER.address, ANNA.address), Suspect)
        post.drop = ""
        assert isinstance(await smtp.send(LETTER, SENDER.address, ANNA.address), Delivered)
    assert len(post.peers) == 2


async def test_a_connection_that_the_server_has_closed_meanwhile_is_made_anew(post, port):
    async with transport(port) as smtp:
        assert isinstance(await smtp.send(LETTER, SENDER.address, ANNA.address), Delivered)
        post.drop, post.once = "mail", True
        assert isinstance(await smtp.send(LETTER, SENDER.address, ANNA.address), Delivered)
    assert len(post.taken) == 2
    assert len(post.peers) == 2


async def test_no_server_defers():
    assert isinstance(await send(free_port(), timeout=1.0), Deferred)


async def test_a_server_without_starttls_gets_no_letter_that_asks_for_it(post, port):
    assert isinstance(await send(port, security="starttls"), Deferred)
    assert not post.taken


async def test_cancelling_a_send_closes_its_connection(post, port):
    post.hang = "data"
    async with transport(port, timeout=20.0) as smtp:
        sending = asyncio.create_task(smtp.send(LETTER, SENDER.address, ANNA.address))
        assert await asyncio.to_thread(post.has_letter.wait, 10)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        post.hang = ""
        assert isinstance(await smtp.send(LETTER, SENDER.address, ANNA.address), Delivered)


@pytest.mark.parametrize(
    "bad", ["nobody", "a@b\r\nRCPT TO:<eve@y.example>", "a@x.example, b@x.example", "<a@x.example>"]
)
async def test_what_is_no_address_is_refused_before_the_server_hears_of_it(post, port, bad):
    assert isinstance(await send(port, to=bad), Refused)
    assert not post.peers


async def test_a_domain_outside_ascii_is_put_into_its_idna_form(post, port):
    assert isinstance(await send(port, to="anna@bücher.example"), Delivered)
    assert post.taken[0].rcpt_tos == ["anna@xn--bcher-kva.example"]


# ----------------------------------------------------------------------------------------------------- what is logged


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 <anna.petrova@kaliningrad.example>: user unknown", "550 anna.petrova is over quota",
        "550 Anna Petrova left",
        "550 no mailbox ANNA.PETROVA@KALININGRAD.EXAMPLE here", "550 to=anna.petrova%40kaliningrad.example",
    ],
)  # fmt: skip
async def test_no_detail_names_the_recipient(post, port, answer):
    post.rcpt = answer
    found = await send(port, to="anna.petrova@kaliningrad.example")
    assert isinstance(found, Refused)
    assert found.detail.startswith("550")
    assert not [part for part in ("anna", "petrova", "kaliningrad", "@") if part in found.detail.lower()]


def test_what_does_not_name_anyone_stays_readable():
    assert redact("5.7.1 Rejected due to policy", "anna@x.example") == "5.7.1 Rejected due to policy"
    assert len(redact("word " * 500, "anna@x.example")) <= 200


# ------------------------------------------------------------------------------------------------- accounts and TLS


class _Door:
    """Takes one user with one password."""

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"secret"
        return AuthResult(success=right)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """What a server proves its name with, and the file by which it can be trusted."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert), "-days", "2", *subject]
    subprocess.run(["openssl", "req", "-x509", *made], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context, cert


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is required from the first byte
@pytest.mark.parametrize(
    ("security", "password", "outcome"),
    [("tls", "secret", Delivered), ("starttls", "secret", Delivered), ("starttls", "wrong", Deferred)],
)
async def test_an_account_is_used_over_an_encrypted_connection_only(post, served, security, password, outcome):
    context, cert = served
    trusted = ssl.create_default_context(cafile=str(cert))
    own: dict[str, Any] = {"ssl_context": context}
    if security == "starttls":
        own = {"tls_context": context, "require_starttls": True}
    quiet = {"authenticator": _Door(), "auth_required": True, "auth_require_tls": security == "starttls"}
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **own, **quiet)
    controller.start()
    try:
        found = await send(controller.port, security=security, user="exchange", password=password, tls=trusted)
    finally:
        controller.stop()
    assert isinstance(found, outcome)
    assert len(post.taken) == (outcome is Delivered)


async def test_a_server_that_cannot_prove_its_name_gets_no_letter(post, served):
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), tls_context=served[0])
    controller.start()
    try:
        assert isinstance(await send(controller.port, security="starttls"), Deferred)
    finally:
        controller.stop()
    assert not post.taken
