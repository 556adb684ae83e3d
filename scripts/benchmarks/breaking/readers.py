"""Somebody who reads ``/events`` as a browser does: comes back with the last id seen."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import suppress


class Reader:
    """Reads until it is stopped, through every interruption; keeps each change once it came."""

    def __init__(self, port: int, token: str) -> None:
        self.seen: list[tuple[str, int]] = []
        """Cursor and incident of every change, in the order in which they came."""
        self.returns = 0
        self._port, self._token = port, token
        self._last = ""
        self._going = True
        self._link: http.client.HTTPConnection | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self, seconds: float = 60) -> None:
        """Wait until the stream stands. Raises TimeoutError."""
        if not self._ready.wait(seconds):
            raise TimeoutError("the stream does not begin")

    def cut(self) -> None:
        """Break the line; it comes back by itself."""
        self._ready.clear()
        link = self._link
        if link is not None and link.sock is not None:
            with suppress(OSError):
                link.sock.shutdown(2)

    def stop(self) -> None:
        """Read no more."""
        self._going = False
        self.cut()
        self._thread.join(20)

    def _run(self) -> None:
        while self._going:
            with suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
                self._read()
            self._ready.clear()
            self.returns += 1
            time.sleep(0.05)

    def _read(self) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"Last-Event-ID": self._last} if self._last else {}
        self._link.request("GET", f"/events?token={self._token}", headers=headers)
        frame: dict[str, str] = {}
        for raw in self._link.getresponse():
            key, _, value = raw.decode().strip().partition(": ")
            if key:
                frame[key] = value
            elif "event" in frame:
                self._take(frame)
                frame = {}

    def _take(self, frame: dict[str, str]) -> None:
        if frame["event"] == "change":
            self.seen.append((frame["id"], json.loads(frame["data"])["id"]))
        self._last = frame["id"]
        if frame["event"] == "ready":
            self._ready.set()
