"""The web form, and every client that posts the same fields to the API."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import nan
from typing import ClassVar, Final
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from districts import rulebook
from districts.placement import read_lonlat
from gis_core.positions import Position
from incidents import photos
from incidents.errors import (
    BadEmail,
    BadIdempotencyKey,
    BadPhone,
    PlaceMissing,
    TextHasNul,
    TextTooLong,
    TooManyPhotos,
)
from incidents.report import CleanPhoto, ContactDetails, Statement

LONGEST: Final = {"text": 4000, "address": 300, "name": 100, "email": 254, "phone": 30}
LONGEST_KEY: Final = 100
_PHONE = re.compile(r"\+?[0-9][0-9 .()\-]*")
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class WebPayload:
    """The form's fields as they were sent; the photos are whole files, under no name."""

    lon: float | None
    lat: float | None
    category: str
    reported_at: datetime
    language: str
    accuracy: float = 0.0
    method: str = "pin"
    text: str = ""
    address: str = ""
    """Where it is, in words; with it, or with a text, both numbers may be left out."""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    key: str | None = None
    photos: Sequence[bytes] = field(default=(), repr=False)


class WebForm:
    """Reads the form. Words first: a photo is only decoded when all else is in order."""

    code: ClassVar[str] = "web"

    def statement(self, payload: WebPayload) -> Statement:
        """Return what was said. Raises what is wrong with the first field that is."""
        position = read_position(payload)
        category = rulebook.current().category(payload.category)
        return Statement(
            channel=self.code,
            key=read_key(payload.key),
            category=category.code,
            text=read_text("text", payload.text),
            position=position,
            reported_at=payload.reported_at,
            language=payload.language,
            contact=read_contact(payload),
            photos=read_photos(payload.photos),
            address=read_text("address", payload.address),
        )


def read_position(payload: WebPayload) -> Position | None:
    """Return the position; None where words alone say where it is.

    Raises PlaceMissing for neither, and what ``read_lonlat`` does; one number alone is none.
    """
    if payload.lon is None and payload.lat is None:
        if not (payload.address.strip() or payload.text.strip()):
            raise PlaceMissing
        return None
    lonlat = read_lonlat(*(nan if one is None else one for one in (payload.lon, payload.lat)))
    return Position(lonlat, payload.accuracy, payload.method)


def read_key(key: str | None) -> str:
    """Return the client's key; a fresh one where it sent none, which protects it from nothing."""
    if key is None:
        return f"none-{uuid4()}"
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise BadIdempotencyKey(longest=LONGEST_KEY)
    return key


def refuse_nul(fields: Mapping[str, str]) -> None:
    """Raise TextHasNul for the first field that holds the NUL character: no database keeps it."""
    for name, value in fields.items():
        if "\0" in value:
            raise TextHasNul(field=name)


def read_text(name: str, value: str) -> str:
    """Return a text field, trimmed, composed (NFC). Raises TextHasNul, TextTooLong."""
    refuse_nul({name: value})
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip())
    if len(text) > LONGEST[name]:
        raise TextTooLong(field=name, length=len(text), longest=LONGEST[name])
    return text


def read_contact(payload: WebPayload) -> ContactDetails:
    """Return how to reach the reporter; each part may be empty. Raises BadPhone, BadEmail."""
    return ContactDetails(
        name=read_text("name", payload.name),
        phone=read_phone(read_text("phone", payload.phone)),
        email=read_email(read_text("email", payload.email)),
    )


def read_phone(phone: str) -> str:
    """Return the number with its digits alone and a leading plus. Raises BadPhone."""
    if not phone:
        return ""
    digits = re.sub(r"[^0-9]", "", phone)
    if not _PHONE.fullmatch(phone) or not 8 <= len(digits) <= 15:
        raise BadPhone
    return f"+{digits}" if phone.startswith("+") else digits


def read_email(email: str) -> str:
    """Return the address. Raises BadEmail."""
    if not email.isprintable():
        raise BadEmail
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise BadEmail from None
    return email


def read_photos(files: Sequence[bytes]) -> tuple[CleanPhoto, ...]:
    """Return the photos, cleaned, in the order sent. Raises TooManyPhotos and what ``clean`` does.

    The same picture twice is kept once.
    """
    if len(files) > photos.MOST_PHOTOS:
        raise TooManyPhotos(count=len(files), most=photos.MOST_PHOTOS)
    return _once(photos.clean(content, number) for number, content in enumerate(files, start=1))


def _once(cleaned: Iterable[CleanPhoto]) -> tuple[CleanPhoto, ...]:
    return tuple({photo.sha256: photo for photo in cleaned}.values())
