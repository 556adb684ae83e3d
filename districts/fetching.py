"""An edition's files: from an address, a folder or a zip into ``var/``, each proved by its sum."""

from __future__ import annotations

import fcntl
import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from districts.downloading import Download
from districts.manifest import Source, SourceFile
from districts.sources import MissingFile, NoAddress, NoSource, WrongSum

Found = TypeVar("Found", Path, str)
Progress = Callable[[int, int, str], None]
"""Told (files done, files in all, name of the file just done)."""

NO_ANSWER_S = 20.0
"""How long a source may stay silent, in seconds, before it counts as not answering."""


def silent(_done: int, _total: int, _name: str) -> None:
    """Tell nobody."""


def fetch(
    source: Source,
    target: Path,
    origin: str = "",
    *,
    tell: Progress = silent,
    budget_s: float = NO_ANSWER_S,
) -> list[Path]:
    """Return the paths of the edition's files in ``target``, fetching those that are not there.

    ``origin`` is an address (with ``{path}``, or a base to put the path behind), a folder or a zip;
    "" means the manifest's address. A file that is there with the right sum is kept, a download
    that was cut off is continued. Raises NoAddress, NoSource,
    MissingFile, WrongSum, NoAnswer, SourceFailed.
    """
    target.mkdir(parents=True, exist_ok=True)
    with alone(target):
        wanted = [file for file in source.files if not is_right(target / file.name, file)]
        done = len(source.files) - len(wanted)
        for file in _obtained(source, wanted, target, origin, budget_s):
            done += 1
            tell(done, len(source.files), file.name)
    return [target / file.name for file in source.files]


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Let one process at a time write to the folder; the others wait for their turn."""
    with (target / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_right(path: Path, file: SourceFile) -> bool:
    """Tell whether the file is there, byte for byte."""
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    return _sum(path.read_bytes()) == file.sha256


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _obtained(
    source: Source,
    wanted: Sequence[SourceFile],
    target: Path,
    origin: str,
    budget_s: float,
) -> Iterator[SourceFile]:
    if not wanted:
        return iter(())
    address = origin or source.url
    if not address:
        raise NoAddress(name=source.name, files=", ".join(file.name for file in wanted))
    if address.startswith(("http://", "https://")):
        download = Download(target, lambda file: _address(address, source, file), budget_s)
        return download.files(wanted)
    return _copied(wanted, target, _reader(source, Path(address)))


def _address(address: str, source: Source, file: SourceFile) -> str:
    path = quote(source.path_of(file))
    if "{path}" in address:
        return address.replace("{path}", path)
    return f"{address.rstrip('/')}/{path}"


def _copied(
    wanted: Sequence[SourceFile], target: Path, read: Callable[[SourceFile], bytes]
) -> Iterator[SourceFile]:
    for file in wanted:
        content = read(file)
        if _sum(content) != file.sha256:
            raise WrongSum(file=file.name, expected=file.sha256, found=_sum(content))
        part = target / f"{file.name}.part"
        part.write_bytes(content)
        part.replace(target / file.name)
        yield file


def _reader(source: Source, origin: Path) -> Callable[[SourceFile], bytes]:
    """Return how to read a file of a folder or zip that holds the source's paths or bare names."""
    if origin.is_dir():
        found = {file: _first(origin, source.path_of(file), file) for file in source.files}
        return lambda file: _present(found[file], file, origin).read_bytes()
    if zipfile.is_zipfile(origin):
        return lambda file: _unzipped(origin, file)
    raise NoSource(origin=str(origin))


def _unzipped(origin: Path, file: SourceFile) -> bytes:
    with zipfile.ZipFile(origin) as archive:
        members = {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}
        return archive.read(_present(members.get(file.name), file, origin))


def _first(folder: Path, path: str, file: SourceFile) -> Path | None:
    candidates = (folder / path, folder / file.path, folder / file.name)
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _present(found: Found | None, file: SourceFile, origin: Path) -> Found:
    if found is None:
        raise MissingFile(file=file.name, origin=str(origin))
    return found
