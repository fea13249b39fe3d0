"""Who may ask: which names the server answers to, which pages may speak to it, which token.

A browser can be made to send requests by any page that it shows. It says truly which page asks
(`Origin`) and whom it believes to speak to (`Host`), and these are looked at before anything else:
a name that leads to this machine by a trick of DNS is refused, and so is a foreign page.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Guard:
    """Says of a request why it is refused.

    Where `is_local`, the server answers to the names of this machine alone. An empty `token` asks
    for none. The cookie holds a hash of it, so that any token fits into one.
    """

    port: int
    is_local: bool
    token: str = field(default="", repr=False)

    @property
    def cookie(self) -> str:
        """The name of the cookie: browsers give cookies to every port of a host."""
        return f"qualcode-{self.port}"

    @property
    def secret(self) -> str:
        """What the cookie holds."""
        return _hashed(self.token)

    def refusal(
        self,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        cookies: Mapping[str, str],
        *,
        is_socket: bool,
    ) -> str:
        """Why a request is refused, empty if it is not."""
        host = headers.get("Host", "").lower()
        if self.is_local and host not in self._names:
            return "this server does not go by that name"
        origin = headers.get("Origin")
        if origin is None:
            if is_socket:
                return "a websocket has to say which page opens it"
        elif urlsplit(origin).netloc.lower() != host:
            return "that page may not speak to this server"
        if self.token and not self._knows(query, cookies):
            return "the token is missing or wrong: open the address that `qualcode serve` printed"
        return ""

    @property
    def _names(self) -> set[str]:
        with_port = {f"{name}:{self.port}" for name in _LOOPBACK_NAMES}
        return with_port | set(_LOOPBACK_NAMES) if self.port == 80 else with_port  # noqa: PLR2004

    def _knows(self, query: Mapping[str, str], cookies: Mapping[str, str]) -> bool:
        in_query = hmac.compare_digest(_hashed(query.get("token", "")), self.secret)
        in_cookie = hmac.compare_digest(
            cookies.get(self.cookie, "").encode("utf-8", "replace"), self.secret.encode()
        )
        return in_query or in_cookie


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
