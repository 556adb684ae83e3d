"""The base on disk: a folder that never changes, a file a column, swapped in by one rename.

A crash at any moment leaves the image before it whole: ``current`` names a folder only when all of
it is on disk. Folders that it does not name are left-overs and are cleared away by the next writer;
on POSIX whoever has their files mapped goes on reading them until they let go.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from incidents.columns.rows import COLUMNS, Rows, Words

FORMAT: Final = 2
BY_ID: Final = "by_id"
"""Places of the entries in the order of their ids."""
PREFIX: Final = "image-"
_CURRENT: Final = "current"
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an image is an image of."""

    words: Words
    agency_ids: Mapping[int, int]
    """By the agency row's id its position in ``words.agencies``."""
    database: tuple[int, int]
    """The server's identifier and the database's on it."""
    epoch: int
    cursor: tuple[int, int]
    """(transaction, event id): up to here every event is in the image."""
    edition_id: int | None = None
    """The row of ``words.edition``: an edition that is loaded again is another one."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is open, its columns mapped."""

    folder: Path
    facts: Facts
    rows: Rows
    by_id: NDArray[np.uint32]
    checksums: Mapping[str, int]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def nbytes(self) -> int:
        """How many bytes its columns have."""
        width = sum(kind.itemsize for kind in COLUMNS.values()) + self.by_id.dtype.itemsize
        return width * len(self.rows)

    def is_whole(self) -> bool:
        """Tell whether every file is as it was written; reads all of it."""
        arrays = {name: getattr(self.rows, name) for name in COLUMNS} | {BY_ID: self.by_id}
        return all(zlib.crc32(array.data) == self.checksums[name] for name, array in arrays.items())

    def places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where the entries with these ids are; -1 for none."""
        low = np.zeros(len(ids), np.int64)
        high = np.full(len(ids), len(self.by_id), np.int64)
        while (open_ones := low < high).any():
            middle = (low + high) // 2
            probe = self.by_id[np.minimum(middle, max(len(self.by_id) - 1, 0))].astype(np.int64)
            above = self.rows.id[probe] >= ids
            high = np.where(open_ones & above, middle, high)
            low = np.where(open_ones & ~above, middle + 1, low)
        found = np.full(len(ids), -1, np.int64)
        inside = low < len(self.by_id)
        places = self.by_id[low[inside]].astype(np.int64)
        found[inside] = np.where(self.rows.id[places] == ids[inside], places, -1)
        return found


def write(home: Path, columns: Mapping[str, NDArray[Any]], facts: Facts) -> Path:
    """Write an image of columns sorted by (code, id); return its folder, which nothing names yet.

    ``columns`` are read one after another, so that each may be made when it is asked for.
    """
    folder = home / f"{PREFIX}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    checksums = {name: _save(folder / f"{name}.npy", columns[name]) for name in COLUMNS}
    ids = np.load(folder / "id.npy", mmap_mode="r")
    checksums[BY_ID] = _save(folder / f"{BY_ID}.npy", np.argsort(ids).astype(np.uint32))
    manifest = {
        "format": FORMAT,
        **asdict(facts),
        "agency_ids": list(facts.agency_ids.items()),
        "count": len(ids),
        "checksums": checksums,
    }
    _write_bytes(folder / _MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    _sync(folder)
    return folder


def publish(folder: Path) -> None:
    """Make a written image the current one, whole or not at all; clear away the others."""
    home = folder.parent
    beside = home / f"{_CURRENT}.new"
    _write_bytes(beside, folder.name.encode())
    beside.replace(home / _CURRENT)
    _sync(home)
    clear(home)


def clear(home: Path) -> None:
    """Remove what a writer left behind, and every image but the current one."""
    kept = {_CURRENT, "lock", _named(home)}
    for path in home.iterdir():
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def current(home: Path) -> Image | None:
    """Open the current image; None where there is none that this version can read."""
    # A writer may clear it away between our reading its name and opening it: look again.
    for _ in range(3):
        name = _named(home)
        if name is None:
            return None
        try:
            return opened(home / name)
        except FileNotFoundError:
            if name == _named(home):
                return None
        except (ValueError, KeyError, TypeError):
            return None
    return None


def opened(folder: Path) -> Image:
    """Open an image. Raises FileNotFoundError; ValueError for one of another version."""
    told = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    if told["format"] != FORMAT:
        msg = f"{folder.name} is of format {told['format']}, not {FORMAT}"
        raise ValueError(msg)
    arrays = {name: _mapped(folder / f"{name}.npy", told["count"]) for name in (*COLUMNS, BY_ID)}
    facts = Facts(
        words=_words(told["words"]),
        agency_ids=dict(told["agency_ids"]),
        database=(told["database"][0], told["database"][1]),
        epoch=told["epoch"],
        cursor=(told["cursor"][0], told["cursor"][1]),
        edition_id=told["edition_id"],
    )
    return Image(folder, facts, Rows.of(arrays), arrays[BY_ID], told["checksums"])


def _words(told: Mapping[str, Any]) -> Words:
    listed = ("categories", "statuses", "agencies", "wards", "sectors")
    west, south = told["origin_m"]
    return Words(
        **{name: tuple(told[name]) for name in listed},
        edition=told["edition"],
        origin_m=(west, south),
        srid=told["srid"],
    )


def _mapped(path: Path, count: int) -> NDArray[Any]:
    # A plain array over the mapping: memmap's own class asks twice about each slice.
    array = np.asarray(np.load(path, mmap_mode="r"))
    if array.shape != (count,):
        msg = f"{path.name} has {array.shape} entries, not {count}"
        raise ValueError(msg)
    return array


def _named(home: Path) -> str | None:
    try:
        name = (home / _CURRENT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return name if name.startswith(PREFIX) and "/" not in name else None


def _save(path: Path, array: NDArray[Any]) -> int:
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        np.save(file, whole)
        file.flush()
        os.fsync(file.fileno())
    return zlib.crc32(whole.data)


def _write_bytes(path: Path, told: bytes) -> None:
    with path.open("wb") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
