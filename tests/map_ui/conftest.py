"""The made-up town behind the pages, for Django's client and for a real browser."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import GPS, IFD

from incidents import pipeline, selectors
from incidents.intake.web import WebForm, WebPayload
from incidents.models import Staff
from incidents.permissions import Role
from tests.kept_rows import town_again

HERE = (106.7052, 10.7653)
"""In the middle of ward 101."""


@pytest.fixture
def town(db):
    """Nine square wards with their committees, and everything that can be reported."""
    return town_again()


@pytest.fixture
def site(live_server, transactional_db):
    """The address of a served town."""
    town_again()
    return live_server.url


@pytest.fixture
def hoa(db):
    """Hoa is an operator."""
    user = User.objects.create_user("hoa", password="hoa-hoa")
    Staff.objects.create(user=user, role=Role.OPERATOR)
    return user


def send(category="pothole", place=HERE, text="Ổ gà sâu trước số 12", accuracy=5.0, photos=()):
    """Return what the sender of a report would see of it."""
    lon, lat = place
    payload = WebPayload(
        lon=lon, lat=lat, accuracy=accuracy, category=category, text=text, photos=photos,
        reported_at=timezone.now(), language="vi",
    )  # fmt: skip
    receipt = pipeline.receive(WebForm().statement(payload))
    return selectors.tracked_report(receipt.report_id, "vi")


def photo(place=None, size=(1800, 1200)):
    """Return a JPEG with a little detail, and, where asked, the place it was taken at."""
    image = Image.effect_mandelbrot(size, (-2, -1.2, 1, 1.2), 20).convert("RGB")
    exif = Image.Exif()
    if place:
        lon, lat = place
        gps = exif.get_ifd(IFD.GPSInfo)
        gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (float(lon), 0.0, 0.0)
        gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (float(lat), 0.0, 0.0)
    file = BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()
