"""A photo is what its content is; what is kept tells nothing but the picture."""

from __future__ import annotations

import os
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gis_core.errors import DomainError
from incidents import photos
from incidents.errors import BrokenPhoto, HeicPhoto, NotAPhoto, PhotoTooLarge, TooManyPixels
from tests.incidents.conftest import picture

GPS = {1: "N", 2: (10.0, 46.0, 36.84), 3: "E", 4: (106.0, 42.0, 1.44)}


def with_exif(orientation=1, gps=None, **save):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Camera Maker"
    if gps:
        exif.get_ifd(0x8825).update(gps)
    return picture(size=(40, 20), exif=exif.tobytes(), **save)


def opened(photo):
    return Image.open(BytesIO(photo.jpeg))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_three_formats_become_jpeg(kind, mode):
    kept = photos.clean(picture(kind, mode=mode, colour=128 if mode == "L" else "red"))
    assert opened(kept).format == "JPEG"
    assert (kept.width, kept.height) == (64, 48)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"),
                       ("JPEG", "CMYK"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_every_way_to_store_colours_is_read(kind, mode):
    assert opened(photos.clean(picture(kind, mode=mode, colour=1))).mode == "RGB"


def test_what_is_transparent_becomes_white():
    kept = photos.clean(picture("PNG", mode="RGBA", colour=(255, 0, 0, 0)))
    assert min(opened(kept).getpixel((5, 5))) > 250


def test_metadata_does_not_survive():
    said = with_exif(gps=GPS, comment=b"my secret comment", icc_profile=b"secret profile" * 20)
    assert b"secret" in said.lower()
    assert b"Secret Camera" in said
    kept = photos.clean(said)
    assert b"secret" not in kept.jpeg.lower()
    again = opened(kept)
    assert not again.getexif()
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_texts_in_a_png_do_not_survive():
    notes = PngInfo()
    notes.add_text("Author", "secret person")
    assert b"secret" not in photos.clean(picture("PNG", pnginfo=notes)).jpeg


def test_a_photo_taken_upright_is_kept_upright():
    kept = photos.clean(with_exif(orientation=6))
    assert (kept.width, kept.height) == (20, 40)


def test_a_large_photo_is_made_smaller():
    kept = photos.clean(picture(size=(4000, 1000)))
    assert (kept.width, kept.height) == (2048, 512)


def test_gps_is_offered_as_a_hint():
    hint = photos.gps_hint(with_exif(gps=GPS))
    assert hint.lon == pytest.approx(106.7004, abs=1e-6)
    assert hint.lat == pytest.approx(10.7769, abs=1e-6)


@pytest.mark.parametrize(
    "gps",
    [None, {1: "N"}, {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
     {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)}],
)  # fmt: skip
def test_without_a_usable_position_there_is_no_hint(gps):
    assert photos.gps_hint(with_exif(gps=gps)) is None


def test_south_and_west_are_negative():
    hint = photos.gps_hint(with_exif(gps={**GPS, 1: "S", 3: "W"}))
    assert hint.lon < 0
    assert hint.lat < 0


@pytest.mark.parametrize(
    "content", [b"", b"just a text, called photo.jpg", b"%PDF-1.7 ...", b"GIF89a\1\0\1\0\0\0\0;",
                b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_whatever_its_name(content):
    with pytest.raises(NotAPhoto, match="File 3 is not a photo"):
        photos.clean(content, 3)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_heic_is_named_with_the_cure(brand):
    with pytest.raises(HeicPhoto, match="Most Compatible"):
        photos.clean(b"\0\0\0\x18ftyp" + brand + bytes(40))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_cut_off_is_refused(kind):
    noise = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    file = BytesIO()
    noise.save(file, kind)
    with pytest.raises(BrokenPhoto):
        photos.clean(file.getvalue()[: file.tell() // 2])


def test_a_png_with_a_wrong_checksum_is_refused():
    good = bytearray(picture("PNG"))
    good[-20] ^= 1
    with pytest.raises(BrokenPhoto):
        photos.clean(bytes(good))


def test_more_bytes_than_ten_megabytes_are_refused():
    with pytest.raises(PhotoTooLarge, match=r"12\.0 MB"):
        photos.clean(picture() + bytes(12_000_000))


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_a_decompression_bomb_is_refused_by_its_header(side):
    with pytest.raises(TooManyPixels, match="50 megapixels"):
        photos.clean(_bomb(side))


def _bomb(side):
    """A PNG of a few bytes that says it is ``side`` pixels square."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)
            + chunk(b"IEND", b""))  # fmt: skip


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_any_damage_ends_in_a_picture_or_a_clear_error(junk, kind, data):
    content = bytearray(picture(kind))
    at = data.draw(st.integers(0, len(content)))
    content[at : at + len(junk)] = junk
    for read in (photos.clean, photos.gps_hint):
        try:
            read(bytes(content))
        except DomainError as error:
            assert error.code.startswith("photo.")  # noqa: PT017


def test_a_photo_is_kept_under_its_own_hash_and_once(tmp_path):
    photo = photos.clean(picture())
    path = photos.keep(photo, tmp_path)
    assert photos.keep(photo, tmp_path) == path == photos.path_of(tmp_path, photo.sha256)
    assert path.read_bytes() == photo.jpeg
    assert [file.name for file in tmp_path.rglob("*.*")] == [path.name]
