"""Perceptual hashes of photos that were stored before hashes were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings

from incidents import photos
from incidents.duplicates.comparing import as_signed
from incidents.duplicates.photos import fingerprint
from incidents.models import Photo

BATCH: Final = 200


def hash_photos(tell: Callable[[int, int, str], None]) -> tuple[int, int]:
    """Reckon the hash of every photo without one: (reckoned, of which there is no readable file).

    Each batch is kept, so that whoever begins again goes on where it ended.
    """
    waiting = Photo.objects.filter(phash=None).order_by("pk")
    total, done, unread, last = waiting.count(), 0, 0, 0
    while rows := list(waiting.filter(pk__gt=last)[:BATCH]):
        last = rows[-1].pk
        for row in rows:
            row.phash = _hash(row.sha256)
        found = [row for row in rows if row.phash is not None]
        Photo.objects.bulk_update(found, ["phash"])
        done, unread = done + len(found), unread + len(rows) - len(found)
        tell(done + unread, total, "photos")
    return done, unread


def _hash(sha256: str) -> int | None:
    try:
        return as_signed(fingerprint(photos.path_of(Path(settings.MEDIA_ROOT), sha256)))
    except OSError:
        return None
