"""Likeness of two cases: what every factor must obey, and worked cases."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from gis_core.positions import LonLat
from incidents.duplicates import photos, terms, wording
from incidents.duplicates.default_points import default_points, point
from incidents.duplicates.likeness import Around, Case, likeness

TERMS = terms.current()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = LonLat(106.7, 10.78)
POTHOLE = Case(id="a", category="pothole", lonlat=HERE, opened=NOON)

metres = st.floats(0, 2000)
days = st.floats(0, 400)
accuracies = st.floats(0, 500)


def north(far):
    return LonLat(HERE.lon, HERE.lat + far / 111_195)


def later(many):
    return NOON + timedelta(days=many)


def probability(new, known=POTHOLE, around=None):
    return likeness(new, known, TERMS, around).probability


@settings(max_examples=60)
@given(metres, metres, accuracies, accuracies, st.sampled_from(["pothole", "flooding", "unheard"]))
def test_nearer_is_never_less_likely(one, other, own, theirs, category):
    known = replace(POTHOLE, category=category, accuracy_m=theirs)
    near, far = (
        probability(replace(known, lonlat=north(m), accuracy_m=own), known)
        for m in sorted((one, other))
    )
    assert near >= far - 1e-12


@settings(max_examples=60)
@given(days, days, st.sampled_from(["pothole", "flooding", "unheard"]))
def test_sooner_is_never_less_likely(one, other, category):
    known = replace(POTHOLE, category=category)
    soon, late = (probability(replace(known, opened=later(d)), known) for d in sorted((one, other)))
    assert soon >= late - 1e-12


@settings(max_examples=60)
@given(days, days, days)
def test_what_was_closed_later_is_never_less_likely(one, other, when):
    new = replace(POTHOLE, opened=later(when))
    soon, late = (probability(new, replace(POTHOLE, closed=later(d))) for d in sorted((one, other)))
    assert late >= soon - 1e-12
    assert probability(new) >= late - 1e-12


@settings(max_examples=60)
@given(st.floats(0.01, 500), st.floats(0.01, 500), metres)
def test_where_more_such_things_are_around_none_is_likelier(one, other, far):
    few, many = (
        probability(replace(POTHOLE, lonlat=north(far)), around=Around(density))
        for density in sorted((one, other))
    )
    assert few >= many - 1e-12


@settings(max_examples=60)
@given(metres, metres, days, accuracies)
def test_it_is_the_same_from_either_side_while_open(far, accuracy, gap, own):
    one = replace(POTHOLE, accuracy_m=accuracy)
    other = replace(POTHOLE, lonlat=north(far), opened=later(gap), accuracy_m=own)
    assert probability(one, other) == pytest.approx(probability(other, one), abs=1e-9)


@given(metres, days)
def test_the_factors_make_the_probability(far, gap):
    found = likeness(replace(POTHOLE, lonlat=north(far), opened=later(gap)), POTHOLE, TERMS)
    odds = found.probability / (1 - found.probability)
    assert odds == pytest.approx(2.718281828 ** sum(f.log_odds for f in found.factors), rel=1e-6)


def test_a_neighbour_of_minutes_ago_is_asked_about_and_one_three_streets_off_is_not():
    assert probability(replace(POTHOLE, lonlat=north(8))) > TERMS.review
    assert probability(replace(POTHOLE, lonlat=north(400))) < TERMS.review


def test_a_flooded_street_is_longer_than_a_pothole():
    flood = replace(POTHOLE, category="flooding")
    long = probability(replace(flood, lonlat=north(120)), flood)
    assert long > TERMS.review
    assert long > probability(replace(POTHOLE, lonlat=north(120)))


def test_a_wide_circle_reaches_further_than_a_narrow_one():
    wide = replace(POTHOLE, lonlat=north(150), accuracy_m=200)
    assert probability(wide) > probability(replace(wide, accuracy_m=5))


def test_confused_categories_are_likelier_than_unrelated_ones():
    here = replace(POTHOLE, lonlat=north(3))
    confused = probability(replace(here, category="road-subsidence"))
    assert probability(here) > confused > probability(replace(here, category="noise"))


def test_a_default_point_says_nothing_of_where_a_thing_is():
    assert probability(POTHOLE) > TERMS.review
    assert probability(POTHOLE, around=Around(2.0, at_point=200)) < TERMS.review


def test_same_words_photo_asset_address_and_person_each_speak_for_it():
    far = replace(POTHOLE, lonlat=north(60))
    for shared in (
        {"words": wording.words("ổ gà trước cổng trường")},
        {"photo_hashes": (77,)},
        {"asset": "lamp-1"},
        {"address": "12 le loi"},
        {"reporter": "r"},
    ):
        known = replace(POTHOLE, **shared)
        assert probability(replace(far, **shared), known) > probability(far, known)


def test_another_lamp_is_another_thing():
    known = replace(POTHOLE, asset="lamp-1")
    assert probability(replace(POTHOLE, asset="lamp-2"), known) < probability(POTHOLE, known)


texts = st.lists(
    st.sampled_from(["ổ", "gà", "trước", "cổng", "Lê", "Lợi", "12", "sâu"]), max_size=8
)


@given(texts, texts)
def test_alikeness_is_a_share_and_the_same_from_either_side(one, other):
    first, second = wording.words(" ".join(one)), wording.words(" ".join(other))
    found = wording.alike(first, second)
    assert found == wording.alike(second, first)
    assert found is None or 0 <= found.share <= 1
    assert wording.alike(first, first) in {None, wording.SharedWords(1.0)}


def test_words_are_alike_without_marks_and_in_another_order():
    assert wording.words("Ổ gà, trước cổng TRƯỜNG") == wording.words("truoc cong truong o ga") | {
        word for word in wording.words("ổ gà") if len(word) > 1
    }


def test_what_everybody_writes_weighs_nothing():
    places = ("chợ Tân Định", "cầu Bông", "trường Lê Lợi", "chùa Vĩnh Nghiêm")
    said = [wording.words(f"ổ gà lớn {place}") for place in places * 3]
    weights = wording.rarity(said)
    assert weights["lon"] < weights["cho"] / 3
    assert wording.alike(said[0], said[1], weights).share < wording.alike(said[0], said[1]).share
    assert wording.alike(wording.words("ổ gà lớn"), said[1], weights) is None


def _photo(shade, size=(320, 240), quality=90):
    picture = Image.new("RGB", size, (shade, shade, shade))
    draw = ImageDraw.Draw(picture)
    for n in range(12):
        left, top = n * 37 % size[0] * 0.8, n * 53 % size[1] * 0.8
        box = (left, top, left + size[0] / 5, top + size[1] / 5)
        draw.ellipse(box, fill=((shade + n * 61) % 256, n * 20, (shade * 3 + n * 97) % 256))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    data.seek(0)
    return data


def test_a_photo_encoded_again_keeps_its_fingerprint_and_another_has_its_own():
    first = photos.fingerprint(_photo(90))
    again = photos.fingerprint(_photo(90, quality=40))
    flipped = Image.open(_photo(90)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    data = io.BytesIO()
    flipped.save(data, "PNG")
    data.seek(0)
    assert photos.bits_apart(first, again) <= photos.SAME
    assert photos.bits_apart(first, photos.fingerprint(data)) > photos.NEAR


def test_a_default_point_holds_many_kinds_and_a_bad_crossing_few():
    hall, crossing = HERE, north(500)
    kinds = ["pothole", "litter", "noise", "flooding", "mosquito", "no-water"]
    reports = [(hall, kinds[n % 6]) for n in range(60)]
    reports += [(crossing, "pothole" if n % 5 else "noise") for n in range(60)]
    assert default_points(reports) == {point(hall)}
