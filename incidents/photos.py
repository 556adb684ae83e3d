"""Photos: judged by content, decoded, stripped, made smaller, kept under their own hash.

No Django here. The file's name and declared type are never looked at.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from gis_core.errors import DomainError
from gis_core.positions import LonLat
from incidents.errors import BrokenPhoto, HeicPhoto, NotAPhoto, PhotoTooLarge, TooManyPixels
from incidents.report import CleanPhoto

LARGEST_BYTES: Final = 10_000_000
MOST_PIXELS: Final = 50_000_000
MOST_PHOTOS: Final = 5
LONGEST_SIDE: Final = 2048
JPEG_QUALITY: Final = 85

FORMATS: Final = ("JPEG", "PNG", "WEBP")
_HEIC_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

_decoding = threading.BoundedSemaphore(2)
"""A 50-megapixel PNG takes 200 MB while it is decoded; at most two at once in a process."""


def check_size(number: int, size: int) -> None:
    """Raise PhotoTooLarge when the ``number``-th photo has more than ``LARGEST_BYTES``."""
    if size > LARGEST_BYTES:
        raise PhotoTooLarge(
            number=number, megabytes=round(size / 1e6, 1), largest=LARGEST_BYTES // 1_000_000
        )


def clean(content: bytes, number: int = 1) -> CleanPhoto:
    """Return the photo as it will be kept: upright, at most 2048 px, JPEG, without metadata.

    ``number`` names the photo in the error. Raises PhotoTooLarge, HeicPhoto, NotAPhoto,
    TooManyPixels, BrokenPhoto.
    """
    check_size(number, len(content))
    _check_intact(content, number)
    with _decoding, _faults(number), _opened(content, number) as image:
        bare = _bare(ImageOps.exif_transpose(_smaller(image)))
    jpeg = BytesIO()
    bare.save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True)
    kept = jpeg.getvalue()
    return CleanPhoto(kept, hashlib.sha256(kept).hexdigest(), bare.width, bare.height)


def gps_hint(content: bytes) -> LonLat | None:
    """Return where the photo says it was taken, or None; only the header is read.

    Raises as ``clean`` does for what is no photo.
    """
    check_size(1, len(content))
    with _faults(1), _opened(content, 1) as image:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        return LonLat(lon, lat) if (lon, lat) != (0, 0) else None
    except (KeyError, TypeError, ValueError, ArithmeticError, DomainError):
        return None


def keep(photo: CleanPhoto, root: Path) -> Path:
    """Store the photo under ``root`` by its hash, safe against a power cut, and return its path.

    Storing the same photo twice is no fault: the second finds the first.
    """
    path = path_of(root, photo.sha256)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    with partial.open("wb") as file:
        file.write(photo.jpeg)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync_folder(path.parent)
    return path


def path_of(root: Path, sha256: str) -> Path:
    """Return where the photo of this hash is kept: two levels, 256 folders each."""
    return root / "photos" / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_intact(content: bytes, number: int) -> None:
    """Raise BrokenPhoto where the format's own checksums say so (PNG has them)."""
    with _faults(number), _opened(content, number) as image:
        image.verify()


def _opened(content: bytes, number: int) -> Image.Image:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise HeicPhoto(number=number)
    image = Image.open(BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels(number=number, most=MOST_PIXELS // 1_000_000)
    return image


@contextmanager
def _faults(number: int) -> Iterator[None]:
    """Say in our words what the decoder says in its own: there are many, and they change."""
    try:
        yield
    except DomainError:
        raise
    except UnidentifiedImageError:
        raise NotAPhoto(number=number) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(number=number, most=MOST_PIXELS // 1_000_000) from None
    except Exception as fault:
        raise BrokenPhoto(number=number) from fault


def _smaller(image: Image.Image) -> Image.Image:
    """Return the image with its longest side at most LONGEST_SIDE, decoding no more than needed."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    plain = image if image.mode in {"L", "LA", "RGB", "RGBA"} else _converted(image)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return plain


def _converted(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone on white: no EXIF, profile, comment or transparency is carried on."""
    bare = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        bare.paste(layer, mask=layer)
    else:
        bare.paste(image.convert("RGB"))
    return bare


def _degrees(parts: tuple[float, float, float], ref: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref.strip("\0 ").upper() == negative else value
