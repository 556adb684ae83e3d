"""Held-out rows: the same seed gives the same rows, and each is what it says."""

from __future__ import annotations

import random
import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.geocoding.score_files import COLUMNS, read_truths
from gis_core.names import folded
from tests.geocoding_rows import composing, keyboard
from tests.geocoding_rows.clipping import TABLES, clipped
from tests.geocoding_rows.composing import BOOKS

MIDDLE = (106.64, 10.74, 106.74, 10.82)
"""West, south, east, north, degrees."""


@pytest.fixture(scope="module")
def middle(test_data, tmp_path_factory):
    """The reference data with the gazetteer of the middle of the city: all of it takes a while."""
    folder = tmp_path_factory.mktemp("middle")
    for one in test_data.iterdir():
        if one.name != "gazetteer":
            (folder / one.name).symlink_to(one)
    (folder / "gazetteer").mkdir()
    for file in (test_data / "gazetteer").iterdir():
        if f"gazetteer/{file.name}" in TABLES["osm_tables.toml"]:
            clipped(file, folder / "gazetteer", MIDDLE)
        else:
            (folder / "gazetteer" / file.name).symlink_to(file)
    return folder


@pytest.fixture(scope="module")
def spots(middle):
    return composing.Spots(middle)


@pytest.fixture(scope="module")
def rows(middle, spots):
    return composing.compose(middle, 300, 100, spots)


def test_a_seed_gives_the_same_rows_again_and_another_seed_others(middle, rows, spots):
    again = composing.compose(middle, 300, 100, spots)
    assert again == rows
    other = composing.compose(middle, 300, 101, spots)
    assert {row["text"] for row in rows}.isdisjoint(
        row["text"] for row in other if row["kind"] not in {"none", "ward_only"}
    )


def test_every_kind_and_manner_is_there_and_scoring_reads_it(rows, tmp_path):
    path = tmp_path / "rows.csv"
    composing.write(rows, path)
    assert set(COLUMNS) <= set(composing.COLUMNS)
    truths = read_truths(path)
    assert len(truths) == 300
    assert {one.kind for one in truths} == {
        "house", "alley", "intersection", "landmark", "street_only", "ward_only", "none",
    }  # fmt: skip
    tags = {tag for one in truths for tag in one.tags}
    assert {"no_diacritics", "typo", "nfd", "lower", "new_ward", "old_abbr"} <= tags


def test_the_true_ward_is_always_accepted(rows):
    placed = [row for row in rows if row["kind"] != "none"]
    assert all(row["ward_code"] in row["accept_ward_codes"].split("|") for row in placed)


def test_the_books_share_no_sentence():
    said = [set(sum(book.sentences.values(), ())) | set(book.nothing) for book in BOOKS.values()]
    assert all(one.isdisjoint(other) for one, other in combinations(said, 2))


@given(st.text(), st.booleans())
def test_no_marks_and_telex_never_fail(text, tone_last):
    assert isinstance(keyboard.telex(text, tone_last=tone_last), str)
    assert isinstance(keyboard.without_marks(text), str)


@pytest.mark.parametrize(
    ("name", "keys"), [("Trường Sa", "Truwowngf Sa"), ("Đỗ Ngọc", "Ddoox Ngocj")]
)
def test_telex_writes_the_keys(name, keys):
    assert keyboard.telex(name, tone_last=True) == keys
    assert folded(keyboard.telex("Lê Sa", tone_last=False)) == "lee sa"


@given(st.integers(), st.booleans())
def test_a_slip_leaves_house_numbers_alone(seed, southern):
    text = unicodedata.normalize("NFC", "123/45 Nguyễn Trãi, P.7, Q.5")
    slipped = keyboard.slip(text, random.Random(seed), southern=southern)
    assert slipped.startswith("123/45 ")
    assert slipped.rstrip().endswith("P.7, Q.5")
