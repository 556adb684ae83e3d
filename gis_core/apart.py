"""Work that cannot tell how far it is, in a process of its own: whoever waits can end it."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar, cast

Answer = TypeVar("Answer")
BEAT_S: Final = 0.5


class WorkDied(Exception):
    """The process ended without an answer: killed, or out of memory; or its work failed."""


def apart(beat: Callable[[], None], work: Callable[..., Answer], *arguments: Any) -> Answer:
    """Return ``work(*arguments)``, reckoned in a process that ends where ``beat`` raises.

    ``beat`` is called every BEAT_S until the answer is there. The work is a module's function that
    needs no settings and no database; it, its arguments and its answer are pickled. Starting takes
    as long as importing its module. Raises WorkDied.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, work, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        while not mine.poll(BEAT_S):
            beat()
        answer, fault = mine.recv()
    except EOFError:
        raise WorkDied from None
    finally:
        process.kill()
        process.join()
        mine.close()
    if fault:
        raise WorkDied(fault)
    return cast("Answer", answer)


def _answer(to: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # Who waits hears signals, and says when it is over.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        told = work(*arguments), ""
    except Exception:  # noqa: BLE001  it is raised where it is waited for
        told = None, traceback.format_exc()
    to.send(told)
