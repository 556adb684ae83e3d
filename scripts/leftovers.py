"""What an earlier run left when it was killed: its processes, known by a token they carry."""

from __future__ import annotations

import json
import os
import secrets
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

VARIABLE = "WARDWISE_RUN"
LEAVE_S = 10


@dataclass
class Run:
    """One run of the site. Every process it starts carries ``token`` in its environment."""

    token: str = field(default_factory=lambda: secrets.token_hex(8))
    started_server: bool = False

    @classmethod
    def read(cls, path: Path) -> Run | None:
        """Return the run that ``path`` tells of; None where the last one ended by itself."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Record the run, all or nothing."""
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(path)

    def processes(self) -> list[int]:
        """Return the living processes of this run, however orphaned they are."""
        mark = f"{VARIABLE}={self.token}".encode()
        return [pid for pid in _others() if mark in _environment(pid)]

    def end(self) -> int:
        """End its processes, first asking; return how many there were."""
        found = self.processes()
        _send(found, signal.SIGTERM)
        for _ in range(LEAVE_S * 10):
            if not self.processes():
                return len(found)
            time.sleep(0.1)
        _send(self.processes(), signal.SIGKILL)
        return len(found)


def _others() -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if pid != os.getpid()]


def _environment(pid: int) -> list[bytes]:
    """Return the variables a process was started with; empty for zombies and others' processes."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
