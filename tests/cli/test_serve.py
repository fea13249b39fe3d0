"""`qualcode serve` for real: a server, and what a browser would say to it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from frames import PATIENCE
from qualcode.errors import MissingExtra
from qualcode.serve import serve
from qualcode.serve.guard import Guard, is_loopback, new_token
from qualcode.serve.page import POLICY, SCRIPT, page
from studies import errors, make
from tui.conftest import BOOK, survey
from tui.driving import put, rows
from tui.test_terminal import SRC

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from aiohttp import ClientWebSocketResponse

    from conftest import Done

HAS_EXTRA = importlib.util.find_spec("textual_serve") is not None
if HAS_EXTRA:
    from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
    from yarl import URL

    from qualcode.serve.server import command_for
for_real = pytest.mark.skipif(not HAS_EXTRA, reason="needs the extra `serve`")
PATH = {"PYTHONPATH": os.pathsep.join((str(SRC), os.environ.get("PYTHONPATH", "")))}
TOKEN = "a token; with $(signs) & ümlauts"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose name a shell would take for much."""
    (tmp_path / "made").mkdir()
    made = make(tmp_path / "made", survey(), (BOOK,), questions=(("why", "why"),))
    return made.rename(tmp_path / 'it\'s; touch $(id) `id` & "x" .db')


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], line: str) -> None:
        self.process, self.line = process, line
        found = re.search(r"http://(\S+?):(\d+)/(\S*)", line)
        assert found, line
        self.port = int(found[2])
        self.address = f"http://127.0.0.1:{self.port}"
        self.query = found[3]

    @property
    def tabs(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@asynccontextmanager
async def served(study: Path, *words: str, code: int = 0) -> AsyncIterator[Served]:
    """Start a server on a free port, and stop it."""
    with subprocess.Popen(  # noqa: ASYNC220 - it starts at once
        [sys.executable, "-m", "qualcode", "serve", str(study), "--port", "0", *words],
        env={
            **os.environ,
            **PATH,
            "QUALCODE_SETTINGS": str(study.with_name("settings.json")),
        },
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            line = await asyncio.to_thread(process.stdout.readline)
            yield Served(process, line)
        finally:
            process.terminate()
            process.wait(PATIENCE)
    assert process.returncode == code


@asynccontextmanager
async def browser() -> AsyncIterator[ClientSession]:
    """What keeps cookies, also those of an address."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


class Tab:
    """An open tab, and what it was sent."""

    def __init__(self, connection: ClientWebSocketResponse) -> None:
        self.connection = connection
        self.received = ""

    async def wait_for(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while words not in self.received:
            assert time.monotonic() < until, f"{words!r} was not drawn"
            message = await asyncio.wait_for(self.connection.receive(), PATIENCE)
            assert isinstance(message.data, bytes | str), message
            if isinstance(message.data, bytes):
                self.received += message.data.decode()
        self.received = ""

    async def press(self, keys: str) -> None:
        await self.connection.send_json(["stdin", keys])


@asynccontextmanager
async def tab(session: ClientSession, server: Served, **headers: str) -> AsyncIterator[Tab]:
    headers.setdefault("Origin", server.address)
    url = f"{server.address}/ws?width=100&height=30"
    async with session.ws_connect(url, headers=headers) as connection:
        yield Tab(connection)


async def gone(server: Served) -> None:
    """Wait until no tab has a process any more."""
    until = time.monotonic() + PATIENCE
    while server.tabs:
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


@for_real
async def test_keys_typed_in_a_tab_are_in_the_file(study: Path) -> None:
    async with served(study, "--coder", "zoe's $x") as server, browser() as session:
        async with session.get(server.address) as response:
            assert response.status == 200
        async with tab(session, server) as one:
            await one.wait_for("Enter")
            await one.press("\r")
            await one.wait_for("Wider reach")
            await one.press("r")
            await one.press("\r")
            await one.press(";ask")
            await one.wait_for("ask")
        await gone(server)
    assert put(study, "zoe's $x") == ["p01 reach"]
    assert rows(study, "SELECT memo FROM v_mark WHERE memo <> ''") == [("ask",)], "half written"
    assert errors(study) == []
    assert sorted(path.name for path in study.parent.iterdir() if "study" not in path.name) == [
        *(study.name, "made")
    ], "one file, and nothing that a shell made"


@for_real
async def test_every_tab_is_a_process_of_its_own(study: Path) -> None:
    async with served(study) as server, browser() as session:
        async with tab(session, server) as one, tab(session, server) as other:
            await one.wait_for("Enter")
            await other.wait_for("Enter")
            assert len(server.tabs) == 2
            await one.press("\x11")
            while not one.connection.closed:
                await one.connection.receive()
            await other.press("\x1b[B")
            assert not other.connection.closed
        await gone(server)


@for_real
async def test_a_server_that_is_killed_takes_its_tabs_along(study: Path) -> None:
    async with (
        browser() as session,
        served(study, "--coder", "ana", code=-9) as server,
        tab(session, server) as one,
    ):
        await one.wait_for("Enter")
        left = server.tabs
        server.process.kill()
        ended, alive = await asyncio.to_thread(psutil.wait_procs, left, PATIENCE)
        assert (len(ended), alive) == (1, [])
    assert errors(study) == []


@for_real
async def test_it_listens_to_this_machine_alone(study: Path) -> None:
    async with served(study) as server:
        assert server.line.startswith("serving http://127.0.0.1:")
        listening = [
            one.laddr.ip
            for one in psutil.Process(server.process.pid).net_connections()
            if one.status == psutil.CONN_LISTEN
        ]
        assert listening == ["127.0.0.1"]


@for_real
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
async def test_foreign_pages_and_names_are_refused(study: Path, headers: dict[str, str]) -> None:
    async with served(study) as server, browser() as session:
        for path in ("/", "/static/js/textual.js", "/open.js", "/nothing"):
            async with session.get(server.address + path, headers=headers) as response:
                assert response.status == 403
        with pytest.raises(WSServerHandshakeError) as refused:
            async with tab(session, server, **headers):
                pass
        assert refused.value.status == 403
        assert server.tabs == []


@for_real
async def test_a_socket_that_no_page_opens_is_refused(study: Path) -> None:
    async with served(study) as server, browser() as session:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(f"{server.address}/ws")


@for_real
@pytest.mark.parametrize("words", [("--host", "0.0.0.0"), ("--token", TOKEN)], ids=str)
async def test_without_the_token_nothing_is_given_away(study: Path, words: tuple[str, ...]) -> None:
    async with served(study, *words) as server, browser() as session:
        token = TOKEN if "--token" in words else server.query.removeprefix("?token=")
        assert (TOKEN in server.line) is False
        assert len(token) > 20
        for query in ({}, {"token": ""}, {"token": "wrong"}, {"token": token[:-1]}):
            for path in ("/", "/ws", "/open.js", "/static/js/textual.js"):
                url = URL(server.address + path).with_query(query)
                async with session.get(url, headers={"Origin": server.address}) as response:
                    assert response.status == 403
                    assert not response.cookies
        wrong = {"Cookie": f"qualcode-{server.port}=wrong"}
        async with session.get(server.address, headers=wrong) as response:
            assert response.status == 403
        with pytest.raises(WSServerHandshakeError, match="403"):
            async with tab(session, server):
                pass
        async with session.get(URL(server.address).with_query(token=token)) as response:
            assert response.status == 200
            cookie = response.cookies[f"qualcode-{server.port}"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "Strict"
            assert token not in cookie.value
        async with session.get(f"{server.address}/static/js/textual.js") as response:
            assert response.status == 200
        async with tab(session, server) as one:
            await one.wait_for("Enter")


@for_real
async def test_the_page_fetches_nothing_from_elsewhere(study: Path) -> None:
    async with served(study) as server, browser() as session:
        async with session.get(server.address) as response:
            text = await response.text()
            policy = response.headers["Content-Security-Policy"]
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in policy
        assert "//" not in re.sub(r"wss?://127\.0\.0\.1:\d+", "", policy)
        assert "//" not in text
        for path in re.findall(r'(?:src|href)="(/[^"]+)"|url\("(/[^"]+)"\)', text):
            async with session.get(server.address + "".join(path)) as response:
                assert response.status == 200


@for_real
async def test_whatever_a_browser_says_the_tab_lives(study: Path) -> None:
    async with served(study) as server, browser() as session, tab(session, server) as one:
        await one.wait_for("Enter")
        for said in ("", "{", "[]", "7", '["stdin"]', '["stdin", 7]', '["resize", {}]', '["x"]'):
            await one.connection.send_str(said)
        await one.connection.send_json(["resize", {"width": "x", "height": -(10**30)}])
        await one.connection.send_json(["resize", {"width": 120, "height": 40}])
        await one.connection.send_json(["ping", "7"])
        await one.wait_for("Enter")


@for_real
async def test_a_port_that_is_taken_is_said(study: Path, process: Callable[..., Done]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = process("serve", study, "--port", port, env=PATH)
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines()[-1] == "Hint: --port 0 takes a free one"
    assert process("serve", study, "--host", "no such host", env=PATH).code == 2
    assert process("serve", study.with_name("none.db"), env=PATH).code == 3


@for_real
def test_the_command_of_a_tab_is_one_word_after_the_other(study: Path) -> None:
    words = shlex.split(command_for(study, "a'; b"))
    assert words[0] == "exec"
    assert words[3:] == ["qualcode", "home", str(study), "--served", "--coder", "a'; b"]


def test_without_the_extra_it_says_what_to_install(
    small: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done]
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "qualcode.serve.server", raising=False)
    monkeypatch.delattr("qualcode.serve.server", raising=False)
    done = qualcode("serve", small, "--port", "0")
    assert done.code == 5
    assert done.err.splitlines()[1] == "Hint: pip install 'qualcode[serve]'"
    with pytest.raises(MissingExtra):
        serve(small, coder="", host="127.0.0.1", port=0, token="", tell=print)


# -- what the guard makes of a request


def refusal(guard: Guard, host: str, origin: str = "", **more: dict[str, str]) -> str:
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    return guard.refusal(
        headers, more.get("query", {}), more.get("cookies", {}), is_socket="socket" in more
    )


def test_the_guard_answers_to_the_names_of_this_machine() -> None:
    guard = Guard(8000, is_local=True)
    for host in ("127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000"):
        assert refusal(guard, host) == ""
        assert refusal(guard, host, f"http://{host}") == ""
    for host in ("", "127.0.0.1", "localhost:80", "evil.example:8000", "127.0.0.1:8000.evil"):
        assert refusal(guard, host)
    assert refusal(Guard(80, is_local=True), "localhost") == ""
    assert refusal(guard, "localhost:8000", "http://127.0.0.1:8000"), "another origin"
    assert refusal(guard, "localhost:8000", "null")
    assert refusal(guard, "localhost:8000", socket={})


def test_the_guard_takes_the_token_from_query_or_cookie() -> None:
    guard = Guard(8000, is_local=False, token=TOKEN)
    assert TOKEN not in repr(guard)
    assert refusal(guard, "host:8000")
    assert refusal(guard, "host:8000", query={"token": TOKEN}) == ""
    assert refusal(guard, "host:8000", cookies={guard.cookie: guard.secret}) == ""
    assert refusal(guard, "host:8000", cookies={guard.cookie: TOKEN})
    assert refusal(guard, "host:8000", query={"token": guard.secret})
    assert refusal(guard, "host:8000", cookies={guard.cookie: "ü\udc80"})
    assert refusal(guard, "host:8000", "http://evil.example", query={"token": TOKEN})


def test_tokens_are_long_and_differ() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert min(len(new_token()) for _ in range(100)) >= 32


def test_what_is_this_machine() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.2", "example.org", "")))


def test_a_title_is_text() -> None:
    assert "<script>alert" not in page("<script>alert(1)</script>")
    assert "//" not in page("study.db")
    assert "http:" not in SCRIPT.replace("https:", "")
    assert "*" not in POLICY
