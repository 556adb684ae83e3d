"""Many readers of one events process: what each costs in memory, and how soon each hears."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks import sites

HOST = "127.0.0.1"
READY_WITHIN_S = 60.0
BETWEEN_S = (0.3, 1.1)
"""From event to event, drawn: in step with the looks of the events process, which are as far apart
each time, all events would come at one moment between two looks, and that moment be measured."""


@dataclass
class Heard:
    """When each reader heard of each event, by the event's incident, and what all readers cost."""

    at: dict[int, list[float]] = field(default_factory=dict)
    told: dict[int, float] = field(default_factory=dict)
    kb_each: float = 0.0

    def waits_ms(self) -> list[float]:
        """Return how long each reader waited for each event."""
        return [(one - self.told[pk]) * 1e3 for pk, times in self.at.items() for one in times]

    def complete(self, readers: int) -> bool:
        """Tell whether every reader heard of every event once."""
        return bool(self.told) and all(len(self.at.get(pk, ())) == readers for pk in self.told)


@contextmanager
def events_process() -> Iterator[int]:
    """Run the events process on the database of DATABASE_URL, and yield its port."""
    port = sites.free_port()
    command = [
        sites.BIN / "granian", "--interface", "asgi", "--host", HOST, "--port", str(port),
        "--log-level", "warning", "map_ui.live:application",
    ]  # fmt: skip
    with sites.serving(command, port):
        yield port


def follow(port: int, token: str, readers: int, ids: Sequence[int], tell: Tell) -> Heard:
    """Open so many streams, let something happen to each incident, and note who heard when."""
    return asyncio.run(_follow(port, token, readers, ids, tell))


Tell = Callable[[int], None]
"""Makes an event of an incident, and returns when it is committed."""


async def _follow(port: int, token: str, readers: int, ids: Sequence[int], tell: Tell) -> Heard:
    heard = Heard()
    before = _memory_kb(port)
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(_read(port, token, heard, ready)) for _ in range(readers)]
    async with asyncio.timeout(READY_WITHIN_S):
        for _ in range(readers):
            await ready.acquire()
    await asyncio.sleep(1)
    heard.kb_each = (_memory_kb(port) - before) / readers
    chance = random.Random(0)  # noqa: S311  no secret
    for pk in ids:
        await asyncio.to_thread(tell, pk)
        heard.told[pk] = time.monotonic()
        await asyncio.sleep(chance.uniform(*BETWEEN_S))
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            while not heard.complete(readers):
                await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return heard


async def _read(port: int, token: str, heard: Heard, ready: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(f"GET /events?token={token}&mine=1 HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    try:
        event = b""
        async for line in reader:
            if line.startswith(b"event:"):
                event = line.split()[1]
            elif line.startswith(b"data:") and event == b"change":
                pk = json.loads(line[5:])["id"]
                heard.at.setdefault(pk, []).append(time.monotonic())
            elif line.startswith(b"data:"):
                ready.release()
    finally:
        writer.close()


def _memory_kb(port: int) -> int:
    """Return the resident memory of the process that listens at a port, and of its workers."""
    named = f"--port\0{port}\0"
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if named in (folder / "cmdline").read_text():
                found = re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text())
                total += int(found[1]) if found else 0
    return total
