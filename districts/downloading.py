"""Files over HTTP: a few at a time, continued when cut off, given up when all is silent."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from districts.manifest import SourceFile
from districts.sources import MissingFile, NoAnswer, SourceFailed, WrongSum
from gis_core.errors import DomainError

AT_ONCE = 4
TRIES = 3
PAUSE_S = 0.5
CHUNK = 65536
GONE = frozenset({401, 403, 404, 410})
UNSATISFIABLE = 416


class _CutOff(Exception):
    """A connection ended early or the server was busy: worth another try."""


class Download:
    """One run of downloads into one folder.

    Threads do the waiting; they are daemons, so that a name server that hangs cannot keep the
    program from ending when the budget of silence is spent.
    """

    def __init__(self, target: Path, address: Callable[[SourceFile], str], budget_s: float) -> None:
        self.target = target
        self.address = address
        self.budget_s = budget_s
        self.heard_at = time.monotonic()
        self.heard_anything = False
        self.stopped = threading.Event()
        self.waiting: queue.SimpleQueue[SourceFile] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[tuple[SourceFile, BaseException | None]]
        self.results = queue.SimpleQueue()

    def files(self, wanted: Sequence[SourceFile]) -> Iterator[SourceFile]:
        """Yield each file when it is in the folder, proved. Raises the first error met."""
        for file in wanted:
            self.waiting.put(file)
        for _ in range(min(AT_ONCE, len(wanted))):
            threading.Thread(target=self._work, daemon=True).start()
        try:
            for _ in wanted:
                yield self._next(wanted[0])
        finally:
            self.stopped.set()

    def _next(self, example: SourceFile) -> SourceFile:
        while True:
            try:
                file, error = self.results.get(timeout=0.1)
            except queue.Empty:
                self._check_silence(example)
                continue
            if error:
                raise error
            return file

    def _check_silence(self, file: SourceFile) -> None:
        if time.monotonic() - self.heard_at > self.budget_s:
            raise self._no_answer(file, f"silent for {self.budget_s:.0f} s")

    def _work(self) -> None:
        while not self.stopped.is_set():
            try:
                file = self.waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._obtain(file)
            except Exception as error:  # noqa: BLE001  raised again by the thread that waits
                self.results.put((file, error))
            else:
                self.results.put((file, None))

    def _obtain(self, file: SourceFile) -> None:
        part = self.target / f"{file.name}.part"
        for attempt in range(TRIES):
            continued = part.exists()
            try:
                self._receive(file, part)
            except _CutOff as cut:
                self._give_up_or_pause(file, attempt, cut)
                continue
            found = hashlib.sha256(part.read_bytes()).hexdigest()
            if found == file.sha256:
                part.replace(self.target / file.name)
                return
            part.unlink()
            # What was continued may have begun as another version of the file.
            if not continued:
                raise WrongSum(file=file.name, expected=file.sha256, found=found)
        raise WrongSum(file=file.name, expected=file.sha256, found="-")

    def _give_up_or_pause(self, file: SourceFile, attempt: int, cut: _CutOff) -> None:
        last = attempt == TRIES - 1
        if isinstance(cut.__cause__, HTTPError) and last:
            raise SourceFailed(
                origin=self._host(file), file=file.name, answer=cut.__cause__.code
            ) from cut
        # A source that has never said a word is not there; one that has may have hiccups.
        if last or not self.heard_anything:
            raise self._no_answer(file, str(cut)) from cut
        self.stopped.wait(PAUSE_S * (attempt + 1))

    def _receive(self, file: SourceFile, part: Path) -> None:
        """Bring ``part`` up to its full length. Raises _CutOff when another try may help."""
        have = part.stat().st_size if part.exists() else 0
        if have >= file.bytes:
            return
        request = Request(self.address(file))  # noqa: S310  fetching admits http(s) only
        if have:
            request.add_header("Range", f"bytes={have}-")
        try:
            with urlopen(request, timeout=self.budget_s) as response:  # noqa: S310
                self._write(response, file, part, have if response.status == 206 else 0)
        except HTTPError as error:
            error.close()
            self._heard()
            raise self._refusal(file, part, error) from error
        except (URLError, TimeoutError, HTTPException, OSError) as error:
            raise _CutOff(str(getattr(error, "reason", error)) or "timed out") from error

    def _refusal(self, file: SourceFile, part: Path, error: HTTPError) -> Exception:
        if error.code in GONE:
            return MissingFile(file=file.name, origin=self.address(file))
        if error.code == UNSATISFIABLE:
            part.unlink(missing_ok=True)
        elif error.code != 429 and error.code < 500:
            return SourceFailed(origin=self._host(file), file=file.name, answer=error.code)
        return _CutOff(f"HTTP {error.code}")

    def _write(self, response: HTTPResponse, file: SourceFile, part: Path, start: int) -> None:
        self._heard()
        written = start
        with part.open("r+b" if start else "wb") as out:
            out.seek(start)
            while chunk := response.read(CHUNK):
                self._heard()
                out.write(chunk)
                written += len(chunk)
                if self.stopped.is_set() or written > file.bytes:
                    break
        promised = response.headers.get("Content-Length")
        if promised is not None and written < start + int(promised) and written < file.bytes:
            raise _CutOff("the connection was cut")

    def _heard(self) -> None:
        self.heard_at = time.monotonic()
        self.heard_anything = True

    def _host(self, file: SourceFile) -> str:
        return urlsplit(self.address(file)).netloc

    def _no_answer(self, file: SourceFile, reason: str) -> DomainError:
        return NoAnswer(origin=self._host(file), file=file.name, reason=reason)
