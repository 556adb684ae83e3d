"""Processes that are killed: one stands ready with Django loaded, and each trial is a fork of it.

    python -m scripts.benchmarks.breaking.victims

reads orders as lines of JSON, answers each with the fork's process id, and with how it ended.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, cast

from scripts.benchmarks.harness import ROOT


class Zygote:
    """The process that stands ready."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scripts.benchmarks.breaking.victims"],
            cwd=ROOT, env={**os.environ, **environment}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._orders = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def start(self, order: Mapping[str, Any]) -> int:
        """Begin an order; return the process id of whoever does it."""
        self._say(order)
        return int(self._hear()["pid"])

    def go(self) -> None:
        """Let the one that was started begin its work."""
        self._say({})

    def ended(self) -> bool:
        """Wait until it ends; True where it was killed. Raises RuntimeError where it failed."""
        said = self._hear()
        if said["signal"] not in {0, signal.SIGKILL} or said["code"]:
            raise RuntimeError(f"a victim failed by itself: {said}")
        return bool(said["signal"])

    def run(self, order: Mapping[str, Any]) -> bool:
        """Do an order to its end; True where it was killed."""
        self.start(order)
        self.go()
        return self.ended()

    def warm(self, order: Mapping[str, Any]) -> None:
        """Do an order in the process that stands ready: what it reads once, its forks have read."""
        self._say({**order, "here": True})
        self._hear()

    def stop(self) -> None:
        """End it."""
        self._process.communicate(timeout=20)

    def _say(self, order: Mapping[str, Any]) -> None:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()

    def _hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self._answers.readline())
        return heard


@contextmanager
def ready(environment: Mapping[str, str]) -> Iterator[Zygote]:
    """Yield a process that stands ready, with these settings."""
    zygote = Zygote(environment)
    try:
        yield zygote
    finally:
        zygote.stop()


def die() -> None:
    """Kill this process; nothing of it runs any more, no ``finally`` and no rollback."""
    os.kill(os.getpid(), signal.SIGKILL)


def at_call(which: int, act: Callable[[], None]) -> Callable[[], None]:
    """Return a function that acts when it is called for the ``which``-th time."""
    left = [which]

    def called() -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    return called


def _main() -> None:
    from scripts.benchmarks import harness  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connections  # noqa: PLC0415, TID251  to be closed

    from scripts.benchmarks.breaking import sending_victim, verbs_victim  # noqa: PLC0415

    jobs = {"drain": sending_victim.drain, "verb": verbs_victim.verb}
    harness.say("a process to be killed stands ready")
    for line in sys.stdin:
        if not line.startswith('{"job"'):
            continue  # the word to go, which a fork did not live to read
        order = json.loads(line)
        if order.get("here"):
            jobs[order["job"]](order)
            print(json.dumps({}), flush=True)
            continue
        connections.close_all()
        gc.freeze()  # so that a fork, looking for rubbish, does not copy what it shares
        pid = os.fork()
        if pid == 0:
            _do(jobs[order["job"]], order)
        print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
        print(json.dumps({"signal": signalled, "code": code}), flush=True)


def _do(job: Callable[[Mapping[str, Any]], None], order: Mapping[str, Any]) -> None:
    """Wait for the word to go, do it, and leave without the parent's clearing up."""
    try:
        while os.read(0, 1) != b"\n":
            pass
        job(order)
    except BaseException:  # noqa: BLE001  it is told, and the fork ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    _main()
