"""A mail server and an SMS gateway on loopback, which can kill whoever speaks with them."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Taken:
    """What a peer was given, by key; a gateway that honours keys sends each key once."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.contents: dict[str, set[str]] = {}
        self._kills: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def take(self, key: str, content: str) -> None:
        """Note a message; kill the sender now, if this is the one at which it is to die."""
        with self._lock:
            self.keys[key] += 1
            self.contents.setdefault(key, set()).add(content)
            doomed = self._kills
            if doomed is None:
                return
            pid, left = doomed
            self._kills = (pid, left - 1) if left > 1 else None
        if left == 1:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self, pid: int, at: int) -> None:
        """Kill a process when its ``at``-th message was taken and is not answered yet."""
        with self._lock:
            self._kills = (pid, at)

    def spare(self) -> None:
        """Kill nobody any more."""
        with self._lock:
            self._kills = None


@contextmanager
def sms_gateway() -> Iterator[tuple[str, Taken]]:
    """Yield the address of a gateway and what it takes."""
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.take(self.headers["Idempotency-Key"], said["text"])
            with suppress(OSError):
                self.send_response(200)
                self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send", taken
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[tuple[str, Taken]]:
    """Yield the address of a mail server and what it takes, by Message-ID."""
    taken = Taken()

    class Box:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
            mail = message_from_bytes(envelope.content)
            taken.take(str(mail["Message-ID"]), str(mail.get_payload()))
            return "250 taken"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", taken
    finally:
        controller.stop()
