"""What texts asked for, in memory: the next text mostly asks for some of it again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Answers by key; those asked for last are kept. Threads may share it."""

    def __init__(self, most: int) -> None:
        """Start with none; keep at most ``most``."""
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self, keys: Iterable[Key], read: Callable[[Sequence[Key]], Mapping[Key, Value]]
    ) -> dict[Key, Value]:
        """Return the values of the keys; ``read`` is asked at once for those that are not kept."""
        wanted = sorted(set(keys))
        with self._lock:
            found = {key: self._kept[key] for key in wanted if key in self._kept}
        missing = [key for key in wanted if key not in found]
        if missing:
            found.update(read(missing))
        with self._lock:
            for key, value in found.items():
                self._kept[key] = value
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
