"""Live pages: ``/events`` as Server-Sent Events, from one small process of its own.

A bare ASGI callable: a Django view would hold a thread for each of hundreds of open streams. One
thread follows the events, whoever listens; each stream gets what its actor may see. A page asks the
site for a short-lived token, and comes back with the last id it saw after any interruption.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
django.setup()

from django.core import signing  # noqa: E402  after the set-up
from django.db import close_old_connections  # noqa: E402

from incidents import feed  # noqa: E402
from incidents.feed import Cursor  # noqa: E402
from map_ui import live_hub, live_tokens  # noqa: E402
from map_ui.live_hub import Hub, Stream  # noqa: E402

HEARTBEAT_S: Final = 15.0
RECONNECT_MS: Final = 2_000
REPLAYS_AT_ONCE: Final = 2

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

P = ParamSpec("P")
T = TypeVar("T")

hub = Hub()
_replaying = asyncio.Semaphore(REPLAYS_AT_ONCE)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer ``/events?token=…``, with ``mine=1`` for a desk; anything else is not here."""
    if scope["type"] == "lifespan":
        await _live_on(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await _events(scope, receive, send)
    elif scope["type"] == "http":
        await _refuse(send, 404, "not here")


async def _live_on(receive: Receive, send: Send) -> None:
    """Start the follower with the process, and end it with it."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await _in_thread(hub.prepare)
            hub.start(asyncio.get_running_loop())
            await send({"type": "lifespan.startup.complete"})
        else:
            hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _events(scope: Scope, receive: Receive, send: Send) -> None:
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        actor = await _in_thread(live_tokens.actor_of_token, asked.get("token", [""])[0])
    except signing.BadSignature:
        await _refuse(send, 401, "the token is missing, wrong or too old: load the page again")
        return
    named = (_header(scope, b"last-event-id"), asked.get("after", [""])[0])
    last = next((cursor for text in named if (cursor := Cursor.read(text))), None)
    await _begin(send)
    with hub.joined(actor, mine=asked.get("mine") == ["1"]) as stream:
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await _replay(stream, last, gone, send)
            await _follow(stream, gone, send)
        finally:
            gone.cancel()


async def _replay(
    stream: Stream, last: Cursor | None, gone: asyncio.Future[None], send: Send
) -> None:
    """Send what happened since the last id seen, up to where the stream joined."""
    at = last
    while at is not None and at < stream.joined_at and not gone.done():
        async with _replaying:
            changes = await _in_thread(feed.changes_after, at)
        due = [change for change in changes if change.cursor <= stream.joined_at]
        await _say(send, live_hub.frames(due, stream))
        at = due[-1].cursor if due and len(due) == len(changes) else None
    # Where nothing was missed, the id is still said: the next return begins here.
    await _say(send, [f"id: {stream.joined_at}\nevent: ready\ndata: {{}}\n\n"])


async def _follow(stream: Stream, gone: asyncio.Future[None], send: Send) -> None:
    """Send what comes until the reader, the hub or the permission's time ends it.

    Who comes back brings the last id and a new token: what was taken away from them counts then.
    """
    ends = time.monotonic() + live_tokens.LIVES.total_seconds()
    while not gone.done() and time.monotonic() < ends:
        waiting = asyncio.ensure_future(stream.queue.get())
        both: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(both, timeout=HEARTBEAT_S, return_when="FIRST_COMPLETED")
        if not waiting.done():
            waiting.cancel()
            await _say(send, [": still here\n\n"])
            continue
        frames = waiting.result()
        if frames is None:  # it could not keep up: it comes back with its last id
            break
        await _say(send, frames)
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        # The token in the address is the permission; no cookie is read here.
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _say(send, [f"retry: {RECONNECT_MS}\n\n"])


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = json.dumps({"status": status, "detail": why}).encode()
    await send({"type": "http.response.body", "body": body})


async def _say(send: Send, frames: Iterable[str]) -> None:
    if body := "".join(frames).encode():
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database from a thread: none of its calls may hold up the loop."""

    def run() -> T:
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.to_thread(run)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
