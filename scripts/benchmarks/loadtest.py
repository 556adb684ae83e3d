"""Requests over HTTP from a bounded number of clients, each on one kept connection."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: its status, how long it took to its last byte, and the bytes that travelled."""

    status: int
    milliseconds: float
    body: bytes
    packed: bool

    def plain(self) -> bytes:
        """Return the body as it was before it was packed."""
        return gzip.decompress(self.body) if self.packed else self.body


def ask(port: int, asks: Sequence[Ask], *, clients: int = 1, patience_s: float = 60) -> list[Told]:
    """Return the answers, ``clients`` requests on the way at a time; one client keeps the order.

    Raises TimeoutError where an answer takes longer than ``patience_s``.
    """
    shares = [list(islice(asks, first, None, clients)) for first in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        return [
            told
            for part in pool.map(lambda share: _one_client(port, share, patience_s), shares)
            for told in part
        ]


def _one_client(port: int, asks: Iterable[Ask], patience_s: float) -> list[Told]:
    connection = http.client.HTTPConnection(HOST, port, timeout=patience_s)
    try:
        return [_asked(connection, one) for one in asks]
    finally:
        connection.close()


def _asked(connection: http.client.HTTPConnection, one: Ask) -> Told:
    began = time.perf_counter()
    connection.request(
        one.method, one.path, body=one.body, headers={"Accept-Encoding": "gzip", **one.headers}
    )
    _acknowledge_at_once(connection)
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter() - began) * 1e3
    return Told(response.status, took, body, response.headers.get("Content-Encoding") == "gzip")


def _acknowledge_at_once(connection: http.client.HTTPConnection) -> None:
    """Spare servers that write head and body apart the 40 ms for which a client may hold its ACK.

    tipg's answers of 3 ms took 44 on a kept connection; the kernel forgets the wish at each answer.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def rate(work: Callable[[], list[Told]]) -> tuple[float, list[Told]]:
    """Return the answers a second, and the answers."""
    began = time.perf_counter()
    told = work()
    return len(told) / (time.perf_counter() - began), told
