"""Connections that cannot be held open for nothing: raw sockets against a portal that serves."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from portal.connections import Bounds
from store.store import Store
from tests.portal.browser.conftest import serving

SHORT = Bounds(connections=4, per_address=3, request=0.6, idle=2.0, header_bytes=2_000)
WHOLE = b"GET /static/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ENDS = b"HTTP/1.1 404"


@pytest.fixture(scope="module")
def door(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with serving(store, tmp_path_factory.mktemp("bounded"), bounds=SHORT) as house:
        parts = urlsplit(house.address)
        yield str(parts.hostname), int(parts.port or 0)


@contextmanager
def caller(door: tuple[str, int], address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(door, timeout=10, source_address=(address, 0)) as there:
        yield there


def said(there: socket.socket) -> bytes:
    """Everything until the other side ends the connection."""
    found = b""
    try:
        while piece := there.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def answered(there: socket.socket) -> bytes:
    """The first line of the next answer."""
    there.sendall(WHOLE)
    return there.recv(65536)[:12]


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GE",
        b"GET / HTTP/1.1\r\nHost: 127",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"\r\n\r\n",
    ],
)
def test_what_is_not_whole_in_time_is_ended(door: tuple[str, int], begun: bytes):
    with caller(door) as slow:
        slow.sendall(begun)

        assert said(slow).startswith(b"HTTP/1.1 408")


def test_a_second_request_has_its_own_time_and_then_ends_too(door: tuple[str, int]):
    with caller(door) as patient:
        assert answered(patient) == ENDS
        patient.sendall(b"GET / HT")

        assert b"408" in said(patient)


def test_blank_lines_do_not_keep_a_connection(door: tuple[str, int]):
    with caller(door) as idle:
        assert answered(idle) == ENDS
        idle.sendall(b"\r\n")

        said(idle)  # comes to an end


def test_an_idle_connection_is_ended(door: tuple[str, int]):
    with caller(door) as idle:
        assert answered(idle) == ENDS
        said(idle)  # comes to an end


def test_two_requests_in_one_piece_are_both_answered(door: tuple[str, int]):
    with caller(door) as eager:
        eager.sendall(WHOLE + WHOLE)

        assert said(eager).count(ENDS) == 2


def test_headers_have_a_bound_and_bodies_do_not_count_as_headers(door: tuple[str, int]):
    with caller(door) as long:
        long.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 3_000)
        assert said(long).startswith(b"HTTP/1.1 431")
    with caller(door) as fine:
        body = b"a=" + b"x" * 10_000
        fine.sendall(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n")
        fine.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert said(fine).startswith(b"HTTP/1.1 403")


def test_many_small_pieces_of_headers_are_counted_together(door: tuple[str, int]):
    with caller(door) as long:
        long.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for number in range(6):
            try:
                long.sendall(b"X%d: " % number + b"x" * 500 + b"\r\n")
            except (ConnectionResetError, BrokenPipeError):
                break
        assert b"431" in said(long)


CHUNKED = b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begins", "again"),
    [
        (b"0\r\n", b"a: b\r\n" * 1_000),
        (b"0\r\nX: ", b"x" * 6_000),
        (b"1;", b"x" * 6_000),
        (b"", b"1;xxxx\r\na\r\n" * 600),
    ],
)
def test_headers_behind_a_body_and_names_of_its_pieces_have_a_bound(door: tuple[str, int], begins: bytes, again: bytes):
    """One connection filled 2.6 GB with headers behind a body within its ten seconds."""
    with caller(door) as long:
        long.sendall(CHUNKED + begins)
        found = b""
        for _ in range(20):
            try:
                long.sendall(again)
            except (ConnectionResetError, BrokenPipeError):
                break
        found = said(long)
        assert b"HTTP/1.1 408" not in found


def test_a_body_in_small_pieces_is_no_rambling(door: tuple[str, int]):
    with caller(door) as fine:
        fine.sendall(CHUNKED)
        for _ in range(30):
            fine.sendall(b"1\r\na\r\n" * 500)
        fine.sendall(b"0\r\nX: y\r\n\r\n")
        assert said(fine).startswith(b"HTTP/1.1 415")


def test_what_is_no_http_gets_an_end(door: tuple[str, int]):
    with caller(door) as stranger:
        stranger.sendall(b"\x16\x03\x01 hello\r\n\r\n")

        assert said(stranger).startswith(b"HTTP/1.1 400")


def test_where_an_address_has_too_many_the_slowest_makes_room(door: tuple[str, int]):
    with caller(door) as first, caller(door) as second, caller(door) as third:
        for one in (first, second, third):
            one.sendall(b"GET / HTTP/1.1\r\n")

        with caller(door) as person:
            assert answered(person) == ENDS

        assert said(first).startswith(b"HTTP/1.1 503")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a computer has only one address of its own to call from")
def test_another_address_is_served_while_one_holds_all_it_may(door: tuple[str, int]):
    with caller(door) as first, caller(door) as second, caller(door) as third:
        for one in (first, second, third):
            one.sendall(b"GET / HTTP/1.1\r\n")
        with caller(door, "127.0.0.2") as person, caller(door, "127.0.0.3") as other:
            assert answered(person) == ENDS
            assert answered(other) == ENDS
