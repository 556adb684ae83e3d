"""A form becomes a statement, or one clear error."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.placement import SwappedPosition
from districts.rulebook import UnknownCategory
from gis_core.errors import DomainError
from gis_core.positions import BadAccuracy, LonLat, OutOfRange
from incidents import intake
from incidents.errors import (
    BadEmail,
    BadIdempotencyKey,
    BadPhone,
    NotAPhoto,
    TextHasNul,
    TextTooLong,
    TooManyPhotos,
    UnknownChannel,
)
from incidents.intake.web import WebPayload, read_email, read_phone
from tests.incidents.conftest import INSIDE, picture

PAYLOAD = WebPayload(*INSIDE, "pothole", datetime(2026, 3, 2, 9, tzinfo=UTC), "vi")


def read(**changes):
    return intake.channel("web").statement(replace(PAYLOAD, **changes))


@pytest.mark.parametrize("code", intake.CHANNELS)
def test_every_channel_loads_and_knows_its_name(code):
    assert intake.channel(code).code == code


def test_an_unknown_channel_is_named():
    with pytest.raises(UnknownChannel, match="pigeon"):
        intake.channel("pigeon")


def test_a_form_becomes_a_statement(town):
    said = read(
        text="  Ổ gà\r\nsâu ", accuracy=12, key="k", phone="0903 123 456", photos=[picture()]
    )
    assert (said.channel, said.key, said.category) == ("web", "k", "pothole")
    assert said.text == "Ổ gà\nsâu"
    assert said.position.lonlat == LonLat(*INSIDE)
    assert said.position.accuracy_m == 12
    assert said.contact.phone == "0903123456"
    assert len(said.photos) == 1


def test_words_in_decomposed_letters_are_composed(town):
    assert read(text="Đu\u031bo\u031b\u0300ng").text == "Đường"


def test_without_a_key_every_statement_gets_its_own(town):
    assert read().key != read().key


def test_contact_details_do_not_show_in_logs(town):
    said = read(name="Lan", phone="0903123456", email="lan@example.vn")
    for shown in (repr(said), repr(replace(PAYLOAD, name="Lan", phone="0903123456")), str(said)):
        assert "Lan" not in shown
        assert "0903123456" not in shown
        assert "@" not in shown


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"lon": float("nan")}, OutOfRange),
        ({"lat": float("inf")}, OutOfRange),
        ({"lon": INSIDE[1], "lat": INSIDE[0]}, SwappedPosition),
        ({"accuracy": -1}, BadAccuracy),
        ({"accuracy": float("nan")}, BadAccuracy),
        ({"category": "dragon"}, UnknownCategory),
        ({"category": "pot\0hole"}, UnknownCategory),
        ({"text": "a" * 4001}, TextTooLong),
        ({"name": "a" * 101}, TextTooLong),
        ({"text": "a\0b"}, TextHasNul),
        ({"name": "a\0b"}, TextHasNul),
        ({"phone": "call me"}, BadPhone),
        ({"phone": "123"}, BadPhone),
        ({"phone": "0903123456 ext. 12"}, BadPhone),
        ({"email": "lan"}, BadEmail),
        ({"email": "lan@nowhere"}, BadEmail),
        ({"email": '"a\x0bb"@example.com'}, BadEmail),
        ({"key": ""}, BadIdempotencyKey),
        ({"key": "k" * 101}, BadIdempotencyKey),
        ({"key": "khoá"}, BadIdempotencyKey),
        ({"photos": [picture()] * 6}, TooManyPhotos),
        ({"photos": [picture(), b"text"]}, NotAPhoto),
    ],
    ids=str,
)
def test_each_mistake_has_its_own_error(town, changes, error):
    with pytest.raises(error):
        read(**changes)


def test_the_same_photo_twice_is_kept_once(town):
    assert len(read(photos=[picture(), picture(), picture(colour="blue")]).photos) == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0903 123 456", "0903123456"), ("+84 (0) 903.123-456", "+840903123456"),
     ("1900 1022", "19001022"), ("", "")],
)  # fmt: skip
def test_phone_numbers_as_people_write_them(typed, kept):
    assert read_phone(typed) == kept


@given(st.text(max_size=40))
def test_any_contact_is_kept_or_refused(typed):
    for reader in (read_phone, read_email):
        try:
            reader(typed)
        except DomainError as error:
            assert error.code.startswith("contact.")  # noqa: PT017
