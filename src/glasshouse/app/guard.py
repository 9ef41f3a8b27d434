"""What stands before every request: its host, its origin and its size; and the page's own rules.

The page is for one person at one machine. A request that another site made this browser send, or
that reached this port under another name, is refused before anything reads it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from glasshouse.app.loopback import address_of
from glasshouse.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 16_384
"""The most that a request may carry: names and numbers, never a file."""

_MOST_READ_AWAY = 33_554_432
"""What is read and thrown away, so that a sender hears the refusal and not a broken line."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page loads what is served here, sends what is asked here, and is shown in no other page."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), display-capture=(), usb=()",
    ),
    (b"cache-control", b"no-store"),
)


def told(problems: Iterable[Problem]) -> dict[str, Any]:
    """Give problems as the page reads them."""
    return {
        "problems": [{"where": one.where, "what": one.what, "right": one.right} for one in problems]
    }


def problem(where: str, what: str, right: str = "") -> Problem:
    """Give a problem of a request."""
    return Problem("request", 0, 0, where, what, right)


class Guard:
    """Refuses what does not come from the page itself, or is too large, and says so in words."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        """Stand before an application that is reached under these names alone."""
        self.app = app
        self.names = frozenset(names)
        self.origins = frozenset(address_of(name) for name in names)
        self.first = names[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, with what it carries read already, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = [pair for pair in message["headers"] if pair[0].lower() not in _OURS]
                message = {**message, "headers": [*said, *HEADERS]}
            await send(message)

        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        refused = self._refused(scope, headers)
        if refused is None:
            body = await _body(headers, receive)
            if body is not None:
                await self.app(scope, _again(body, receive), answer)
                return
            what = f"the request carries more than {MOST_BODY_BYTES:,} bytes"
            refused = (413, problem("", what, "names and numbers alone; nothing can be uploaded"))
        await refuse(answer, *refused)

    def _refused(
        self, scope: Scope, headers: dict[bytes, list[bytes]]
    ) -> tuple[int, Problem] | None:
        """Say why a request is none of the page's own, or nothing."""
        hosts = [value.decode("latin-1") for value in headers.get(b"host", [])]
        if len(hosts) != 1 or hosts[0] not in self.names:
            what = f"this page is not `{', '.join(hosts)[:80]}`"
            return 421, problem("Host", what, f"{address_of(self.first)}/")
        for value in headers.get(b"origin", []):
            origin = value.decode("latin-1")
            if origin not in self.origins:
                what = f"a page of `{origin[:80]}` may ask nothing here"
                return 403, problem("Origin", what, f"{address_of(self.first)}/")
        site = b"".join(headers.get(b"sec-fetch-site", [b"none"]))
        comes_by_link = (
            headers.get(b"sec-fetch-mode") == [b"navigate"]
            and scope["method"] == "GET"
            and not scope["path"].startswith("/api/")
        )
        if site not in {b"same-origin", b"none"} and not comes_by_link:
            what = "another page may ask nothing here"
            return 403, problem("Sec-Fetch-Site", what, f"{address_of(self.first)}/")
        return None


_OURS = frozenset(name for name, _ in HEADERS)


async def refuse(send: Send, status: int, said: Problem) -> None:
    """Answer with one problem."""
    content = json.dumps(told([said])).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _body(headers: dict[bytes, list[bytes]], receive: Receive) -> bytes | None:
    """Read what a request carries; None where it is too much, which is read away and forgotten."""
    kept, seen = bytearray(), 0
    said = b"".join(headers.get(b"content-length", [b"0"]))
    too_much = not said.isdigit() or len(said) > 12 or int(said) > MOST_BODY_BYTES
    if too_much and (not said.isdigit() or len(said) > 12 or int(said) > _MOST_READ_AWAY):
        return None
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None if too_much else bytes(kept)
        part = message.get("body", b"")
        seen += len(part)
        too_much = too_much or seen > MOST_BODY_BYTES
        if not too_much:
            kept += part
        if seen > _MOST_READ_AWAY or not message.get("more_body"):
            return None if too_much else bytes(kept)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read once more, and after it whatever comes."""
    is_given = False

    async def given() -> Message:
        nonlocal is_given
        if not is_given:
            is_given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return given
