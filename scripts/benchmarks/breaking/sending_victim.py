"""The worker that sends notices, killed at a step of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from incidents.models import Notice
from incidents.notifications import outbox, worker
from incidents.notifications.message import Carrier, Message
from scripts.benchmarks.breaking.victims import at_call, die

Act = Callable[[], None]


def drain(order: Mapping[str, Any]) -> None:
    """Send what is due; with a ``step``, be killed at its ``nth`` time.

    The wrappers stand in this process alone: they call what the product calls, and then end it.
    """
    step = order.get("step")
    if step in STEPS:
        STEPS[step](at_call(order["nth"], die))
    worker.drain()


def _claimed(end: Act) -> None:
    claim = outbox.claim

    def claimed() -> Any:  # noqa: ANN401
        found = claim()
        end()
        return found

    outbox.claim = claimed


def _written(end: Act) -> None:
    compose = worker.compose

    def written(notice: Notice) -> Message | None:
        message = compose(notice)
        end()
        return message

    worker.compose = written


def _answered(end: Act) -> None:
    named = worker.carrier

    class Answered:
        def __init__(self, carrier: Carrier) -> None:
            self.carrier = carrier

        def send(self, message: Message) -> None:
            self.carrier.send(message)
            end()

    worker.carrier = lambda name: Answered(named(name))


def _marked(end: Act) -> None:
    sent = outbox.sent

    def marked(notice: Notice) -> None:
        sent(notice)
        end()

    outbox.sent = marked


STEPS: Final[Mapping[str, Callable[[Act], None]]] = {
    "claimed": _claimed,
    "written": _written,
    "answered": _answered,
    "marked": _marked,
}
"""After the claim is committed; before the carrier is asked; after it answered; after the mark."""
