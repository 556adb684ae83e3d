"""Files as bytes, refused by their size before they are read into memory."""

from __future__ import annotations

from collections.abc import Sequence

from ninja.files import UploadedFile

from incidents import photos
from incidents.errors import TooManyPhotos


def contents(files: Sequence[UploadedFile]) -> list[bytes]:
    """Return the files' bytes. Raises TooManyPhotos, PhotoTooLarge."""
    if len(files) > photos.MOST_PHOTOS:
        raise TooManyPhotos(count=len(files), most=photos.MOST_PHOTOS)
    for number, file in enumerate(files, start=1):
        photos.check_size(number, file.size or 0)
    return [file.read() for file in files]
