"""What tells two pictures of one thing is kept with each photo, also of those stored before."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from PIL import Image

from incidents import photos, pipeline
from incidents.duplicates.comparing import as_signed, as_unsigned
from incidents.duplicates.photos import SAME, bits_apart
from incidents.models import Photo
from tests.incidents.test_receiving import SAID

pytestmark = pytest.mark.django_db


def street(quality, size=(1024, 768)):
    """A picture with much in it, which no two encodings write alike."""
    file = BytesIO()
    drawn = Image.effect_mandelbrot((1024, 768), (-2, -1.2, 0.8, 1.2), 60).resize(size)
    drawn.convert("RGB").save(file, "JPEG", quality=quality)
    return photos.clean(file.getvalue())


def sent(key, *pictures):
    pipeline.receive(replace(SAID, key=key, photos=pictures))


def test_one_photo_sent_twice_is_recognised_however_it_was_encoded(town):
    sent("one", street(95))
    sent("two", street(50, (320, 240)))
    one, two = Photo.objects.order_by("pk")
    assert one.sha256 != two.sha256
    assert bits_apart(as_unsigned(one.phash), as_unsigned(two.phash)) <= SAME


def test_photos_stored_before_are_hashed_later_and_only_once(town):
    sent("one", street(95))
    sent("two", street(50))
    kept = dict(Photo.objects.values_list("pk", "phash"))
    Photo.objects.update(phash=None)
    out = StringIO()
    call_command("hash_photos", stdout=out)
    assert dict(Photo.objects.values_list("pk", "phash")) == kept
    call_command("hash_photos", stdout=out)
    assert out.getvalue().splitlines()[-1] == "0 photos hashed, 0 without a readable file"


def test_a_photo_whose_file_is_gone_is_counted_and_passed_over(town, settings):
    sent("one", street(95))
    photo = Photo.objects.get()
    Photo.objects.update(phash=None)
    photos.path_of(settings.MEDIA_ROOT, photo.sha256).unlink()
    out = StringIO()
    call_command("hash_photos", stdout=out)
    assert "0 photos hashed, 1 without a readable file" in out.getvalue()


@pytest.mark.parametrize("phash", [0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_a_hash_is_the_same_after_it_was_kept(phash):
    assert -(1 << 63) <= as_signed(phash) < 1 << 63
    assert as_unsigned(as_signed(phash)) == phash
