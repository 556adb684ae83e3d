"""Public incident tiles, answered before Django: what everybody gets needs no session and no words.

A whole request costs Django a millisecond, a tile of the columns a tenth of that. Only what goes
well is answered here: whatever is asked for in another way, wrongly, by somebody who may be signed
in, or while the columns are not kept up, goes on to Django, which answers the same tile.
"""

from __future__ import annotations

import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.db import close_old_connections
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host

from districts import rulebook
from gis_core.errors import DomainError
from gis_core.tiles import Tile
from incidents import tile_selectors
from incidents.columns import reading
from incidents.filters import Filters
from map_ui.layers import LAYERS, filters_of
from map_ui.tiles import CONTENT_TYPE, WORTH_PACKING, packed

Environ = Mapping[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[Any, Any], Iterable[bytes]]

MOST_KEPT: Final = 48 << 20
"""Bytes of finished tiles that a process keeps."""
LOOK_S: Final = 1.0
"""How long a catalogue is taken for the newest."""
_PATH: Final = re.compile(r"/tiles/incidents/(\d{1,2})/(\d{1,9})/(\d{1,9})\.mvt", re.ASCII)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finished:
    """A tile as it travels, and what it was made of."""

    revision: str
    body: bytes
    gzip: bool


class PublicTiles:
    """A WSGI application in front of another. One a process, for all of its threads.

    ``let_go`` is called before the database is asked, as Django does before each request: it closes
    this thread's connection where that is too old.
    """

    def __init__(
        self, behind: Application, let_go: Callable[[], object] = close_old_connections
    ) -> None:
        self._behind, self._let_go = behind, let_go
        self._kept: OrderedDict[tuple[object, ...], Finished] = OrderedDict()
        self._held, self._looked = 0, -LOOK_S
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer 200, 204 or 304, or let the application behind answer."""
        place = _place(environ)
        if place is not None and _is_for_everybody(environ):
            try:
                finished = self._tile(place, environ.get("QUERY_STRING", ""), _unpacks(environ))
            except DomainError:
                finished = None
            except Exception:
                # Whatever it is, Django answers, and says what is wrong.
                log.exception("a public tile")
                finished = None
            if finished is not None:
                return _told(environ, finished, start_response)
        return self._behind(environ, start_response)

    def _tile(self, place: Tile, query: str, gzip: bool) -> Finished | None:  # noqa: FBT001
        columns = reading.current()
        if columns is None:
            return None
        from incidents.columns import tiles  # noqa: PLC0415  heavy: its compiler, half a second and 65 MB

        if time.monotonic() - self._looked > LOOK_S:
            self._let_go()
            rulebook.current()
            self._looked = time.monotonic()
        key = (place, query, gzip)
        revision = tiles.revision(columns, place)
        known = self._kept.get(key)
        if known is None or known.revision != revision:
            self._let_go()
            body = tiles.tile(columns, place, _filters(query, rulebook.kept().version))
            worth = gzip and len(body) >= WORTH_PACKING
            known = Finished(revision, packed(body) if worth else body, worth)
            self._keep(key, known)
        return known

    def _keep(self, key: tuple[object, ...], one: Finished) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = one
            self._held += len(one.body) - (len(before.body) if before else 0)
            while self._held > MOST_KEPT:
                self._held -= len(self._kept.popitem(last=False)[1].body)


def _place(environ: Environ) -> Tile | None:
    """Return the tile that is asked for, where it is one of ours."""
    path = _PATH.fullmatch(environ["PATH_INFO"])
    if path is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    z, x, y = map(int, path.groups())
    inside = z <= tile_selectors.DEEPEST_ZOOM and max(x, y) < 1 << z
    return Tile(z, x, y) if inside else None


def _is_for_everybody(environ: Environ) -> bool:
    """Tell whether nobody is signed in, and the request came the way that the site is served."""
    cookies = environ.get("HTTP_COOKIE", "")
    return (
        settings.SESSION_COOKIE_NAME not in cookies
        and _is_ours(environ.get("HTTP_HOST", ""))
        and (not settings.BEHIND_HTTPS or environ.get("HTTP_X_FORWARDED_PROTO") == "https")
    )


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _unpacks(environ: Environ) -> bool:
    return "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")


@lru_cache(maxsize=512)
def _filters(query: str, version: int) -> Filters:
    """Return an address's filters, as a version of the catalogue has them. Raises BadFilter."""
    with rulebook.one_version(version):
        return filters_of(QueryDict(query))


def _told(environ: Environ, finished: Finished, start_response: Start) -> Iterable[bytes]:
    etag = f'W/"{finished.revision}"'
    headers = [("ETag", etag), *_headers()]
    if _has(environ.get("HTTP_IF_NONE_MATCH", ""), etag):
        start_response("304 Not Modified", headers)
        return [b""]
    if not finished.body:
        start_response("204 No Content", headers)
        return [b""]
    headers += [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(finished.body)))]
    if finished.gzip:
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else finished.body]


def _has(asked: str, etag: str) -> bool:
    """Tell whether the asker has it already; tags are compared weakly (RFC 9110, 8.8.3.2)."""
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


@lru_cache(maxsize=1)
def _headers() -> tuple[tuple[str, str], ...]:
    """What Django's middleware says of every answer, and how long this one may be kept."""
    found = {
        "Cache-Control": f"public, max-age={LAYERS['incidents'].max_age_s}",
        "Access-Control-Allow-Origin": "*",
        "Vary": "Accept-Encoding, Cookie",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        found["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return tuple(found.items())
