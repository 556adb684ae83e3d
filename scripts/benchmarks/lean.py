"""Requests over HTTP by as little of a client as there can be: it shares two cores with the server.

``http.client`` spends as long on an answer as a quick server does, so that what is measured is the
client. Here requests are written beforehand, and of an answer only its length is read.
"""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from scripts.benchmarks.loadtest import HOST

_NO_BODY = (b"204", b"304")


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: its status, milliseconds to its last byte, and the bytes of its body."""

    status: int
    milliseconds: float
    body: bytes
    packed: bool

    def plain(self) -> bytes:
        """Return the body as it was before it was packed."""
        return gzip.decompress(self.body) if self.packed else self.body


def hear(port: int, paths: Sequence[str], *, clients: int) -> tuple[float, list[Heard]]:
    """Return answers a second, and the answers, of ``clients`` on a kept connection each."""
    shares = [[_request(path) for path in paths[first::clients]] for first in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        heard = [one for part in pool.map(lambda share: _one(port, share), shares) for one in part]
    return len(heard) / (time.perf_counter() - began), heard


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _one(port: int, requests: Sequence[bytes]) -> list[Heard]:
    with socket.create_connection((HOST, port), timeout=120) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return [_asked(line, request) for request in requests]


def _asked(line: socket.socket, request: bytes) -> Heard:
    began = time.perf_counter()
    line.sendall(request)
    if hasattr(socket, "TCP_QUICKACK"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += _more(line)
    head, _, body = heard.partition(b"\r\n\r\n")
    head = head.lower()
    status = head[9:12]
    if status not in _NO_BODY:
        body = _whole(line, head, body)
    took = (time.perf_counter() - began) * 1e3
    return Heard(int(status), took, body, b"content-encoding: gzip" in head)


def _whole(line: socket.socket, head: bytes, body: bytes) -> bytes:
    said = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    if not said.strip():
        msg = f"no length: {head!r}"
        raise ConnectionError(msg)
    parts, missing = [body], int(said) - len(body)
    while missing > 0:
        parts.append(_more(line))
        missing -= len(parts[-1])
    return b"".join(parts)


def _more(line: socket.socket) -> bytes:
    heard = line.recv(1 << 17)
    if not heard:
        msg = "the server closed the connection"
        raise ConnectionError(msg)
    return heard
