"""What stands before every page: headers, seals, sizes, rates, names; and a page for whatever goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from traceback import format_exception
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.guard import Guard, Unfinished
from portal.house import House
from portal.look import page
from portal.rates import Buckets, Rates, neighbourhood
from store.faults import CommandTooLarge, StoreLocked
from store.store import Store
from tests.portal.world import ADDRESS, Browser, a_house, browser


async def ask(request: Request) -> Response:
    return page(request, "frame/turned/other.jinja", seal=request.app.state.house.sealed("reader", "x"))


async def act(request: Request) -> Response:
    return Response(f"acted on {request.state.form.word('name')}")


async def fail(request: Request) -> Response:
    raise KeyError("Anna Berg")


async def large(request: Request) -> Response:
    raise CommandTooLarge("web-1", 100, 10)


async def behind(request: Request) -> Response:
    async def fails() -> None:
        raise KeyError("Anna Berg")

    return Response("done", background=BackgroundTask(fails))


async def locked(request: Request) -> Response:
    raise StoreLocked("here")


def guarded(house: House, **client: Any) -> httpx.AsyncClient:
    """A portal with a page that acts, and two that fail."""
    routes = [
        Route("/act", act, methods=["POST"]), Route("/o/{token}", act, methods=["POST"]),
        Route("/l/{token}", act, methods=["POST"]), Route("/fail", fail), Route("/locked", locked),
        Route("/upload", act, methods=["POST"]), Route("/large", large), Route("/behind", behind),
    ]  # fmt: skip
    app = Starlette(routes=routes, middleware=[Middleware(Guard, house=house, uploads={"/upload": 200_000})])
    app.state.house = house
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4000))
    return httpx.AsyncClient(transport=transport, base_url=house.address, **client)


@pytest.fixture
async def door(here: House) -> AsyncIterator[httpx.AsyncClient]:
    async with guarded(here, cookies={"kierros-form": "reader-1"}) as client:
        yield client


def sealed(here: House, *parts: str) -> dict[str, str]:
    return {"seal": here.sealed(*(parts or ("reader", "reader-1"))), "name": "Anna"}


async def test_every_answer_carries_the_headers(web: Browser):
    for path in ("/", "/nowhere"):
        headers = (await web.get(path)).headers
        assert "script-src 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers


async def test_behind_tls_browsers_are_told_to_stay_there(store: Store, tmp_path: Path):
    safe = browser(a_house(store, tmp_path, address="https://portal.example"))

    assert "max-age" in (await safe.get("/")).headers["strict-transport-security"]


async def test_a_file_is_kept_for_ever_under_its_digest(web: Browser):
    found = (await web.get("/")).text.partition('rel="stylesheet" href="')[2].partition('"')[0]

    answer = await web.get(found)

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await web.get("/static/portal.css")).status_code == 404
    assert (await web.get("/static/../app.py")).status_code == 404


async def test_a_form_of_ours_acts(here: House, door: httpx.AsyncClient):
    assert (await door.post("/act", data=sealed(here))).text == "acted on Anna"


@pytest.mark.parametrize("data", [{}, {"seal": ""}, {"seal": "0" * 32}, {"seal": "é"}])
async def test_a_form_without_its_seal_does_not(door: httpx.AsyncClient, data: dict[str, str]):
    assert (await door.post("/act", data=data)).status_code == 403


async def test_another_reader_s_seal_does_not_fit(here: House, door: httpx.AsyncClient):
    assert (await door.post("/act", data=sealed(here, "reader", "reader-2"))).status_code == 403
    assert (await door.post("/l/abc", data=sealed(here, "link", "abd"))).status_code == 403
    assert (await door.post("/l/abc", data=sealed(here, "link", "abc"))).status_code == 200


async def test_who_has_no_cookie_at_all_has_no_seal(here: House):
    async with guarded(here) as stranger:
        assert (await stranger.post("/act", data=sealed(here, "reader", ""))).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://["},
    ],
)
async def test_what_comes_from_elsewhere_does_not_act(here: House, door: httpx.AsyncClient, headers: dict[str, str]):
    assert (await door.post("/act", data=sealed(here), headers=headers)).status_code == 403


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": ADDRESS}])
async def test_what_browsers_say_of_our_own_pages_does(here: House, door: httpx.AsyncClient, headers: dict[str, str]):
    assert (await door.post("/act", data=sealed(here), headers=headers)).status_code == 200


async def test_one_click_unsubscribing_needs_no_seal(door: httpx.AsyncClient):
    assert (await door.post("/o/abc", data={"List-Unsubscribe": "One-Click"})).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_has_a_bound(here: House, door: httpx.AsyncClient, chunked: bool):
    body = b"seal=" + sealed(here)["seal"].encode() + b"&name=" + b"x" * 70_000

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 5000):
            yield body[start : start + 5000]

    form = {"content-type": "application/x-www-form-urlencoded"}
    content = pieces() if chunked else body
    assert (await door.post("/act", content=content, headers=form)).status_code == 413


async def test_uploads_by_staff_have_a_bound_of_their_own(here: House):
    staff = here.store.add_staff("Ulla Upload", "ulla@library.example")
    token, _ = here.store.open_session(staff, "portal", now=here.now())

    async def sent(size: int, cookies: dict[str, str], *sealed_to: str) -> int:
        async with guarded(here, cookies=cookies) as door:
            files = {"people": ("people.csv", b"x" * size)}
            return (await door.post("/upload", data=sealed(here, *sealed_to), files=files)).status_code

    hers = {"kierros": token}
    assert await sent(150_000, hers, "session", token) == 200
    assert await sent(250_000, hers, "session", token) == 413
    assert await sent(150_000, {"kierros-form": "reader-1"}) == 413
    assert await sent(150_000, {"kierros": "made-up"}, "session", "made-up") == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"a=%ff", 400),
        ("application/x-www-form-urlencoded", b"\xff\xfe", 400),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 2000), 400),
        ("multipart/form-data; boundary=x", b"no parts", 400),
        ("multipart/form-data", b"--x--", 400),
    ],
)
async def test_what_is_no_form_is_refused(door: httpx.AsyncClient, kind: str, body: bytes, status: int):
    answer = await door.post("/act", content=body, headers={"content-type": kind})

    assert answer.status_code == status


async def test_other_methods_need_a_seal_as_well(door: httpx.AsyncClient):
    for method in ("PUT", "PATCH", "DELETE"):
        assert (await door.request(method, "/act")).status_code == 403


@pytest.mark.parametrize("host", ["elsewhere.example", "portal.example.elsewhere.example", "", "[", "portal.example@x"])
async def test_under_another_name_nothing_is_answered(web: Browser, host: str):
    assert (await web.get("/", host=host)).status_code == 400


async def test_who_asks_too_often_waits(store: Store, tmp_path: Path):
    rates = Rates(by_address=Buckets(burst=2, per_minute=6, clock=lambda: 0.0))
    eager = browser(a_house(store, tmp_path, rates=rates))

    answers = [(await eager.get("/")).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert (await eager.get("/")).headers["retry-after"] == "10"
    here = browser(a_house(store, tmp_path, rates=rates), address="127.0.0.1")
    assert [(await here.get("/")).status_code for _ in range(4)] == [200] * 4


async def test_a_link_has_a_rate_of_its_own(store: Store, tmp_path: Path):
    rates = Rates(by_link=Buckets(burst=1, per_minute=6, clock=lambda: 0.0))
    eager = browser(a_house(store, tmp_path, rates=rates), address="127.0.0.1")

    assert [(await eager.get(f"/l/{token}")).status_code for token in ("abc", "abc", "abd")] == [404, 429, 404]


async def test_unsubscribing_has_a_rate_too(store: Store, tmp_path: Path):
    rates = Rates(by_link=Buckets(burst=1, per_minute=6, clock=lambda: 0.0))
    eager = browser(a_house(store, tmp_path, rates=rates), address="127.0.0.1")

    assert [(await eager.client.post(f"/o/{token}")).status_code for token in ("abc", "abc", "abd")] == [404, 429, 404]


@pytest.mark.parametrize("path", ["/l/abc", "/o/abc", "/s/abc", "/l/abc/decline", "/o/abc/", "/s/abc//"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE"])
async def test_every_token_has_one_rate_whatever_the_method_and_however_it_is_written(
    store: Store, tmp_path: Path, path: str, method: str
):
    rates = Rates(by_link=Buckets(burst=1, per_minute=6, clock=lambda: 0.0))
    eager = browser(a_house(store, tmp_path, rates=rates), address="127.0.0.1")

    assert (await eager.client.request(method, path)).status_code != 429
    assert (await eager.client.request(method, path)).status_code == 429
    assert (await eager.client.get(path.rstrip("/"))).status_code == 429


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/privacy/", "/privacy"), ("/accessibility//", "/accessibility"), ("//", "/"), ("/l/abc/", "/l/abc"),
        ("/staff/", "/staff"), ("/sign-in/", "/sign-in"), ("/nothing/", "/nothing"), ("/static/", "/static"),
    ],
)  # fmt: skip
async def test_a_slash_at_the_end_is_the_same_page_and_leads_nowhere_else(web: Browser, path: str, plain: str):
    slashed, simple = await web.client.get(path), await web.client.get(plain)
    assert (slashed.status_code, slashed.headers.get("location")) == (
        simple.status_code,
        simple.headers.get("location"),
    )
    assert slashed.status_code != 307


@pytest.mark.parametrize(
    "path",
    ["//elsewhere.example/", "//elsewhere.example/staff/", "/%5C%5Celsewhere.example/", "/%2F%2Felsewhere.example/"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_no_path_leads_to_another_place(web: Browser, path: str, method: str):
    answer = await web.client.request(method, f"http://portal.example{path}")
    assert answer.status_code in {403, 404, 405}
    assert "location" not in answer.headers


async def test_long_tokens_are_not_remembered(store: Store, tmp_path: Path):
    """Twenty thousand of 15 KB each would take 300 MB; and no token is kept where it need not be."""
    rates = Rates()
    await browser(a_house(store, tmp_path, rates=rates)).get(f"/l/{'x' * 5_000}")

    assert [len(key) for key in rates.by_link._levels] == [64]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True), ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True), ("203.0.113.7", "203.0.113.8", False), ("::1", "::1", True),
        ("a socket", "a socket", True),
    ],
)  # fmt: skip
def test_a_network_of_addresses_that_one_caller_has_is_one_caller(one: str, other: str, same: bool):
    assert (neighbourhood(one) == neighbourhood(other)) is same


async def test_what_is_too_large_for_the_record_is_no_fault_of_the_portal(door: httpx.AsyncClient):
    assert (await door.get("/large")).status_code == 413


async def test_what_fails_behind_an_answer_tells_the_log_nothing_of_anybody(
    door: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(Unfinished) as found:
        await door.get("/behind")

    assert "Anna" not in "".join(format_exception(found.value))
    said = capsys.readouterr()
    assert "KeyError" in said.out + said.err
    assert "Anna" not in said.out + said.err


async def test_cookies_that_are_not_ours_or_longer_than_ours_are_not_read(here: House, door: httpx.AsyncClient):
    """Python takes most of a second to read 15 KB of backslashes."""
    seen: list[str] = []

    async def look(request: Request) -> Response:
        seen.append(request.headers.get("cookie", ""))
        return Response()

    app = Starlette(routes=[Route("/", look)], middleware=[Middleware(Guard, house=here, uploads={})])
    bomb = 'kierros-back="' + '\\"' * 7_000 + '"'
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=here.address) as client:
        for said in (f"a=1; kierros=abc;{bomb}; kierros-lang=fi", "b=2", 'kierros-back="/staff/x"'):
            await client.get("/", headers={"cookie": said})

    assert seen == ["kierros=abc; kierros-lang=fi", "", 'kierros-back="/staff/x"']


async def test_behind_tls_no_cookie_travels_without_it(store: Store, tmp_path: Path):
    """Also where the proxy in front has not been made known, and all seems to come without TLS."""
    house = a_house(store, tmp_path, address="https://portal.example")
    web = Browser(httpx.AsyncClient(transport=browser(house).client._transport, base_url=ADDRESS))

    for path in ("/sign-in?back=/staff", "/?lang=fi"):
        made = (await web.get(path)).headers.get_list("set-cookie")
        assert made
        assert all("; Secure" in one for one in made)


def test_a_bucket_fills_again_and_only_so_many_are_remembered():
    time = [0.0]
    buckets = Buckets(burst=2, per_minute=60, most=3, clock=lambda: time[0])

    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
    time[0] = 1.0
    assert [buckets.take("a") for _ in range(2)] == [0, 1]
    for key in "bcdef":
        buckets.take(key)
    assert len(buckets) == 3


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("OPTIONS", "/", 405), ("POST", "/x", 403)]
)
async def test_whatever_is_turned_away_has_a_page(web: Browser, method: str, path: str, status: int):
    answer = await web.client.request(method, path)

    assert (answer.status_code, answer.headers["content-language"]) == (status, "en")
    assert "<h1>" in answer.text


async def test_a_fault_is_a_page_that_tells_nothing(here: House, door: httpx.AsyncClient, capsys: Any):
    answer = await door.get("/fail")

    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    said = capsys.readouterr()
    assert "Anna" not in answer.text + said.out + said.err


async def test_a_record_that_is_locked_is_a_page(door: httpx.AsyncClient):
    answer = await door.get("/locked")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_the_log_holds_no_token(here: House, door: httpx.AsyncClient, capsys: Any):
    await door.post("/l/abcdefghabcdefgh", data=sealed(here, "link", "abcdefghabcdefgh"))
    await door.get("/nowhere/abcdefghabcdefgh")

    said = capsys.readouterr()
    assert "abcdefgh" not in said.out + said.err
