"""A message is handed over within a time that is shorter than its lease, whatever its peer does.

Every read has its own time-out, but a peer that says a word now and then uses none of them up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from incidents.notifications.message import CarrierFault

LONGEST_S: Final = 60.0


def in_time(hand_over: Callable[[], None], longest_s: float = LONGEST_S) -> None:
    """Hand a message over; raises what that raises, and CarrierFault where it takes too long.

    It is not known then whether the peer took it: the next attempt goes under the same key.
    """
    faults: list[Exception] = []

    def hand() -> None:
        try:
            hand_over()
        except Exception as fault:  # noqa: BLE001  raised by whoever waits
            faults.append(fault)

    # No call of ours ends a read in another thread: it is left behind, and ends with its peer.
    thread = threading.Thread(target=hand, name="carrier", daemon=True)
    thread.start()
    thread.join(longest_s)
    if thread.is_alive():
        raise CarrierFault(f"no end within {longest_s:g} s")
    if faults:
        raise faults[0]
