"""An extract over HTTP: continued when cut off, left alone when it is the newest, proved.

An extract is some hundred megabytes and replaced daily under one address. What came of one version
is only continued with the rest of that version.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from districts.fetching import alone
from gis_core.errors import N_, DomainError

Progress = Callable[[int, int, str], None]
"""Told (megabytes here, megabytes in all, the file's name)."""

NO_ANSWER_S = 20.0
"""How long a source may stay silent, in seconds, before it counts as not answering."""
TRIES = 5
PAUSE_S = 1.0
CHUNK = 1 << 18
MEGABYTE = 1_000_000
NOT_MODIFIED, UNSATISFIABLE = 304, 416


class NoAnswer(DomainError):
    """The publisher of extracts cannot be reached, or has fallen silent."""

    code = "gazetteer.no_answer"
    status = 504
    message = N_(
        "%(origin)s does not answer (%(reason)s). What was fetched is kept: try again later, or "
        "give an address or a file of your own with --from. Streets and landmarks that are loaded "
        "stay in use."
    )


class SourceFailed(DomainError):
    """The publisher of extracts answers with an error."""

    code = "gazetteer.source_failed"
    status = 502
    message = N_(
        "%(origin)s answers %(answer)s for %(file)s. Try again later, or give an address or a file "
        "of your own with --from."
    )


class WrongSum(DomainError):
    """An extract's bytes are not those that its publisher promises."""

    code = "gazetteer.wrong_sum"
    status = 502
    message = N_(
        "%(file)s is not what its publisher offers: its MD5 is %(found)s instead of %(expected)s. "
        "It was not kept. Fetch it again."
    )


class _CutOff(Exception):
    """A connection ended early or the source was busy: worth another try."""


@dataclass(frozen=True, slots=True)
class ExtractDownload:
    """One extract's way from its address into a folder."""

    url: str
    folder: Path
    tell: Progress
    silence_s: float = NO_ANSWER_S
    pause_s: float = PAUSE_S

    @property
    def name(self) -> str:
        """The file's own name."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1] or "extract.osm.pbf"

    @property
    def target(self) -> Path:
        """Where the whole file is kept; beside it ``.part`` and ``.version``."""
        return self.folder / self.name

    def fetch(self) -> Path:
        """Return the path of the newest version, fetching what of it is not there.

        Raises NoAnswer, SourceFailed, WrongSum.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with alone(self.folder):
            if self._received():
                self._prove()
                _beside(self.target, ".part").replace(self.target)
            return self.target

    def _received(self) -> bool:
        """Bring the part up to its full length; False where the whole file is the newest."""
        had, heard = self._size(), False
        for attempt in range(TRIES):
            try:
                return self._receive()
            except _CutOff as cut:
                heard = heard or self._size() != had
                busy = cut.__cause__ if isinstance(cut.__cause__, HTTPError) else None
                if attempt == TRIES - 1 or not (heard or busy):
                    raise self._given_up(cut, busy) from cut
                time.sleep(self.pause_s * (attempt + 1))
        return False

    def _given_up(self, cut: _CutOff, busy: HTTPError | None) -> DomainError:
        origin = urlsplit(self.url).netloc
        if busy:
            return SourceFailed(origin=origin, answer=busy.code, file=self.name)
        return NoAnswer(origin=origin, reason=cut)

    def _receive(self) -> bool:
        try:
            with urlopen(self._request(), timeout=self.silence_s) as response:  # noqa: S310
                self._write(response)
        except HTTPError as error:
            error.close()
            if error.code == NOT_MODIFIED:
                return False
            if error.code == UNSATISFIABLE and self._is_whole(error):
                return True
            raise self._refusal(error) from error
        except (URLError, TimeoutError, HTTPException, OSError) as error:
            raise _CutOff(str(getattr(error, "reason", error)) or "timed out") from error
        return True

    def _request(self) -> Request:
        request = Request(self.url)  # noqa: S310  the command admits http(s) only
        part, version = _beside(self.target, ".part"), _beside(self.target, ".version")
        if part.exists() and (of_part := _text(_beside(self.target, ".part-version"))):
            request.add_header("Range", f"bytes={self._size()}-")
            request.add_header("If-Range", of_part)
        elif self.target.exists() and (known := _text(version)):
            condition = "If-None-Match" if known.startswith('"') else "If-Modified-Since"
            request.add_header(condition, known)
        return request

    def _is_whole(self, error: HTTPError) -> bool:
        """Tell whether nothing was left to send: the part ended with the last run."""
        return str(error.headers.get("Content-Range", "")).endswith(f"/{self._size()}")

    def _size(self) -> int:
        part = _beside(self.target, ".part")
        return part.stat().st_size if part.exists() else 0

    def _refusal(self, error: HTTPError) -> Exception:
        if error.code == UNSATISFIABLE:
            _beside(self.target, ".part").unlink(missing_ok=True)
        elif error.code != 429 and error.code < 500:
            origin = urlsplit(self.url).netloc
            return SourceFailed(origin=origin, answer=error.code, file=self.name)
        return _CutOff(f"HTTP {error.code}")

    def _write(self, response: HTTPResponse) -> None:
        part = _beside(self.target, ".part")
        start = self._size() if response.status == 206 else 0
        promised = response.headers.get("Content-Length")
        whole = start + int(promised) if promised else 0
        self._note_version(response)
        written = start
        with part.open("r+b" if start else "wb") as out:
            out.seek(start)
            while chunk := response.read(CHUNK):
                out.write(chunk)
                written += len(chunk)
                total = -(-max(whole, written) // MEGABYTE)
                self.tell(total if written >= whole else written // MEGABYTE, total, self.name)
        if written < whole:
            raise _CutOff("the connection was cut")

    def _note_version(self, response: HTTPResponse) -> None:
        etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        # A weak tag does not promise the same bytes, so nothing may be continued by it.
        version = etag if etag.startswith('"') else modified
        _beside(self.target, ".part-version").write_text(version, encoding="utf-8")

    def _prove(self) -> None:
        part = _beside(self.target, ".part")
        expected = self._sum()
        with part.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        if expected and found.hexdigest() != expected:
            part.unlink()
            raise WrongSum(file=self.name, expected=expected, found=found.hexdigest())
        _beside(self.target, ".part-version").replace(_beside(self.target, ".version"))

    def _sum(self) -> str:
        """Return the MD5 that the publisher offers, "" where it offers none."""
        try:
            with urlopen(f"{self.url}.md5", timeout=self.silence_s) as response:  # noqa: S310
                return str(response.read(200).decode("ascii", "replace").split()[0].lower())
        except (HTTPException, IndexError, OSError):
            return ""


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
