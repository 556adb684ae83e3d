"""What changed since the base: a file of signed entries that readers map and see grow.

A page of header, then each column by itself with room for ``CAPACITY`` entries. One process writes.
Entries are written before the count that makes them seen, and the cursor after it, so that whoever
is killed on the way has seen too little, and begins again there: entries are only written where
they differ from what is known, so that an event seen twice changes nothing.

Moments are those of the clock that runs since the machine started: all its processes share it, and
nobody sets it. After a crash of the whole machine nobody knows which pages reached the disk: what
another start of the machine wrote is not read.
"""

from __future__ import annotations

import mmap
import os
import time
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from incidents.columns.rows import COLUMNS, Entries, Rows

CAPACITY: Final = 1 << 17
FILE: Final = "delta"
_PAGE: Final = 4096
_MAGIC: Final = 0x57_57_43_4F_4C_01
_MAGIC_AT, _BOOT_AT, _COUNT_AT, _BEAT_AT, _TRANSACTION_AT, _EVENT_AT, _LIVE_AT = range(7)


class Full(Exception):
    """The entries do not fit any more; the base has to be written anew."""


class Delta:
    """One delta, mapped: to be read by anybody, to be written by one."""

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        """Map the file. Raises FileNotFoundError; ValueError where it is no delta."""
        with path.open("r+b" if writing else "rb") as file:
            access = mmap.ACCESS_WRITE if writing else mmap.ACCESS_READ
            kept = mmap.mmap(file.fileno(), 0, access=access)
        if len(kept) != _size():
            msg = f"{path} is no delta of this version"
            raise ValueError(msg)
        self._header: NDArray[np.int64] = np.frombuffer(kept, np.int64, _PAGE // 8)
        if self._header[_MAGIC_AT] != _MAGIC:
            msg = f"{path} is no delta of this version"
            raise ValueError(msg)
        self._is_of_this_start = bool(self._header[_BOOT_AT] == _boot())
        arrays, at = {}, _PAGE
        for name, kind in COLUMNS.items():
            arrays[name] = np.frombuffer(kept, kind, CAPACITY, at)
            at += CAPACITY * kind.itemsize
        self._rows = Rows.of(arrays)
        self._weight: NDArray[np.int8] = np.frombuffer(kept, np.int8, CAPACITY, at)

    @classmethod
    def create(cls, folder: Path, cursor: tuple[int, int]) -> Delta:
        """Add an empty delta to an image, and open it for writing."""
        path = folder / FILE
        header = np.zeros(_PAGE // 8, np.int64)
        header[_MAGIC_AT], header[_BOOT_AT] = _MAGIC, _boot()
        header[_TRANSACTION_AT], header[_EVENT_AT] = cursor
        with path.open("wb") as file:
            # All of it now: a full disk would else end the process at some entry to come.
            os.posix_fallocate(file.fileno(), 0, _size())
            file.write(header.tobytes())
            file.flush()
            os.fsync(file.fileno())
        return cls(path, writing=True)

    def __len__(self) -> int:
        return int(self._header[_COUNT_AT])

    @property
    def cursor(self) -> tuple[int, int]:
        """(transaction, event id): up to here every event is in base and delta."""
        return int(self._header[_TRANSACTION_AT]), int(self._header[_EVENT_AT])

    def is_of_this_start(self) -> bool:
        """Tell whether this machine has run since the delta was begun."""
        return self._is_of_this_start

    def silent_s(self) -> float:
        """Return for how many seconds its writer has not said that all is in it; or infinity."""
        live = self._is_of_this_start and self._header[_LIVE_AT]
        return (time.monotonic_ns() - int(self._header[_BEAT_AT])) / 1e9 if live else float("inf")

    def seen(self, count: int) -> tuple[Rows, NDArray[np.int8]]:
        """Return the first ``count`` entries and their weights, nothing copied."""
        return self._rows.first(count), self._weight[:count]

    def append(self, entries: Entries, weights: NDArray[np.int8]) -> None:
        """Add entries, all at once to whoever reads. Raises Full."""
        begin = len(self)
        end = begin + len(entries)
        if end > CAPACITY:
            raise Full
        for name in COLUMNS:
            getattr(self._rows, name)[begin:end] = entries[name]
        self._weight[begin:end] = weights
        self._header[_COUNT_AT] = end

    def follow(self, cursor: tuple[int, int]) -> None:
        """Say that every event up to a cursor is in it."""
        # Killed between any two of these, the cursor is an earlier one and never a later.
        self._header[_EVENT_AT] = 0
        self._header[_TRANSACTION_AT] = cursor[0]
        self._header[_EVENT_AT] = cursor[1]

    def beat(self) -> None:
        """Say that nothing that could be followed is missing just now."""
        self._header[_BEAT_AT] = time.monotonic_ns()
        self._header[_LIVE_AT] = 1

    def retire(self) -> None:
        """Say that it is not to be read any more."""
        self._header[_LIVE_AT] = 0


def _size() -> int:
    return _PAGE + CAPACITY * (sum(kind.itemsize for kind in COLUMNS.values()) + 1)


@cache
def _boot() -> int:
    """Return a number of this start of the machine; of this process where none is told."""
    try:
        told = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    except OSError:
        told = f"{os.getpid()} {time.time_ns()}".encode()
    return int.from_bytes(sha256(told).digest()[:7], "big")
