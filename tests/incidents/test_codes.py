"""Tracking codes: sayable, forgiving to read, hopeless to guess."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import codes
from incidents.errors import BadCode

stored = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


def test_no_sign_looks_like_another():
    for alike in ("0ODQ", "1IL7", "2Z", "5S", "8B", "6G", "9Q", "UV"):
        assert len(set(alike) & set(codes.ALPHABET)) <= 1


def test_a_code_has_36_bits_and_two_of_a_thousand_never_meet():
    assert codes.LENGTH * math.log2(len(codes.ALPHABET)) > 36
    drawn = {codes.new_code() for _ in range(1000)}
    assert len(drawn) == 1000
    assert set("".join(drawn)) == set(codes.ALPHABET)


@given(stored)
def test_what_is_shown_is_read_back(code):
    assert codes.read_code(codes.shown(code)) == code


@given(stored, st.sampled_from([str.lower, str.upper, lambda text: f"  {text} "]))
def test_case_and_blanks_do_not_matter(code, written):
    assert codes.read_code(written(f"{code[:3]} {code[3:6]}-{code[6:]}")) == code


def test_a_look_alike_is_read_as_the_sign_it_stands_for():
    assert codes.read_code("bsgz-uqkk") == "8562V9KK"


@pytest.mark.parametrize(
    "typed", ["", "K7M2-P9X", "K7M2-P9XTT", "K7M2-P9XO", "K7M2-P9X1", "\0" * 8]
)
def test_what_is_no_code_is_said_to_be_none(typed):
    with pytest.raises(BadCode, match="8 characters"):
        codes.read_code(typed)


@given(st.text(max_size=200))
def test_anything_typed_is_a_code_or_a_clear_error(typed):
    try:
        code = codes.read_code(typed)
    except BadCode:
        return
    assert len(code) == codes.LENGTH
    assert set(code) <= set(codes.ALPHABET)


def test_addresses_are_counted_by_household():
    secret = b"secret"
    same = {codes.bucket_of(f"2001:db8:1:2::{host}", secret) for host in range(1, 9)}
    assert len(same) == 1
    assert codes.bucket_of("203.0.113.7", secret) != codes.bucket_of("203.0.113.8", secret)
    assert codes.bucket_of("203.0.113.7", secret) != codes.bucket_of("203.0.113.7", b"other")
    assert codes.bucket_of("no address", secret) == codes.bucket_of("", secret)
    assert all(0 <= codes.bucket_of(f"10.0.0.{host}", secret) < codes.BUCKETS for host in range(99))
