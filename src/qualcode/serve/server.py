"""The server: guarded pages, and a websocket for each tab with a process of the application.

textual-serve brings the terminal of the page and the protocol of the process; its own server is
not used, because it knows no guard and its page fetches a font from elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import shlex
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from qualcode.errors import Conflict, InputError
from qualcode.serve.guard import Guard, is_loopback, new_token
from qualcode.serve.page import HEADERS, POLICY, SCRIPT, page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATIC = Path(textual_serve.__file__).parent / "static"
_LARGEST = 1000
"""Columns or lines that a browser may ask for."""
_PASTED = 1 << 20
"""Bytes that one message of a browser may have."""
_LAST_WORDS = 5.0
"""Seconds that open tabs have to end when the server does."""


def run(
    study: Path, *, coder: str, host: str, port: int, token: str, tell: Callable[[str], None]
) -> None:
    """Serve until a signal comes. Raises `InputError`, or `Conflict` where the port is taken."""
    is_local = is_loopback(host)
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    made = "" if token or is_local else new_token()
    guard = Guard(port, is_local, token or made)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    serving = Serving(command_for(study, coder), study.name, guard)

    def ready() -> None:
        for line in _told(address, made, is_local=is_local):
            tell(line)

    asyncio.run(serving.serve(listening, ready))


def command_for(study: Path, coder: str) -> str:
    """The command that a tab runs, for a shell; `exec` puts it in the place of the shell."""
    words = [sys.executable, "-m", "qualcode", "home", str(study.absolute()), "--served"]
    return "exec " + shlex.join([*words, *(["--coder", coder] if coder else [])])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except socket.gaierror as error:
        raise InputError(f"there is no address “{host}” to listen at") from error
    except OSError as error:
        raise Conflict(
            f"cannot listen at {host}, port {port}: {error.strerror}",
            hint="--port 0 takes a free one",
        ) from error


def _told(address: str, made: str, *, is_local: bool) -> Iterator[str]:
    yield f"serving {address}?token={made}" if made else f"serving {address}"
    if made:
        yield "the token is shown this once; it opens the study to whoever has it"
    if not is_local:
        yield "others in the network can read along unless something encrypts it"
    yield "Ctrl+C ends it"


class Serving:
    """The pages and the open tabs of one study."""

    def __init__(self, command: str, title: str, guard: Guard) -> None:
        self._command = command
        self._page = page(title)
        self._guard = guard
        self._downloads = DownloadManager()
        self._tabs: set[web.WebSocketResponse] = set()

    async def serve(self, listening: socket.socket, ready: Callable[[], None]) -> None:
        """Answer until a signal comes, and let every tab end; `ready` is called in between."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        # No access log: it would hold the token.
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=_LAST_WORDS)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        ready()
        await ended.wait()
        await runner.cleanup()

    def application(self) -> web.Application:
        """The pages, none of which is reached without the guard."""
        application = web.Application(middlewares=[_guarded(self._guard)])
        application.add_routes(
            [
                web.get("/", self._index),
                web.get("/open.js", self._script),
                web.get("/ws", self._socket),
                web.static("/static", _STATIC),
            ]
        )
        application.on_shutdown.append(self._close_tabs)
        return application

    async def _index(self, request: web.Request) -> web.Response:
        policy = POLICY.format(socket=f"ws://{request.host} wss://{request.host}")
        response = web.Response(
            text=self._page, content_type="text/html", headers={"Content-Security-Policy": policy}
        )
        if self._guard.token:
            response.set_cookie(
                self._guard.cookie, self._guard.secret, httponly=True, samesite="Strict", path="/"
            )
        return response

    async def _script(self, _: web.Request) -> web.Response:
        return web.Response(text=SCRIPT, content_type="text/javascript")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """One tab: a process of the application that lives as long as the tab."""
        tab = web.WebSocketResponse(heartbeat=15, max_msg_size=_PASTED)
        await tab.prepare(request)

        async def close() -> None:
            await tab.close()

        process = AppService(
            self._command,
            write_bytes=tab.send_bytes,
            write_str=tab.send_str,
            close=close,
            download_manager=self._downloads,
        )
        self._tabs.add(tab)
        try:
            await process.start(
                _size(request.query.get("width"), 80), _size(request.query.get("height"), 24)
            )
            async for message in tab:
                if message.type is WSMsgType.TEXT:
                    await self._pass_on(message.data, tab, process)
        finally:
            self._tabs.discard(tab)
            await process.stop()
        return tab

    async def _pass_on(self, data: str, tab: web.WebSocketResponse, process: AppService) -> None:
        """What a browser says: keys, another size, a ping; what is nothing of this is dropped."""
        match _parsed(data):
            case ["stdin", str(text)]:
                await process.send_bytes(text.encode("utf-8", "replace"))
            case ["resize", {"width": width, "height": height}]:
                await process.set_terminal_size(_size(width, 80), _size(height, 24))
            case ["ping", sent]:
                await tab.send_json(["pong", sent])
            case ["focus", *_]:
                await process.focus()
            case ["blur", *_]:
                await process.blur()

    async def _close_tabs(self, _: web.Application) -> None:
        for tab in list(self._tabs):
            await tab.close(code=WSCloseCode.GOING_AWAY)


def _guarded(guard: Guard) -> Any:
    """A middleware that lets only requests through which the guard does not refuse."""

    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = guard.refusal(
            request.headers, request.query, request.cookies, is_socket=request.path == "/ws"
        )
        if refusal:
            return web.Response(status=403, text=f"{refusal}\n", headers=HEADERS)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return web.middleware(guarded)


def _parsed(data: str) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _size(wanted: object, otherwise: int) -> int:
    """A number of columns or lines that makes sense, whatever a browser says."""
    try:
        return max(1, min(int(str(wanted)), _LARGEST))
    except ValueError:
        return otherwise
