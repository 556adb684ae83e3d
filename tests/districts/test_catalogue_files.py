"""A catalogue file that is wrong is refused whole, and every wrong place is named."""

from __future__ import annotations

import random
import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import catalogue_files
from districts.catalogue_files import BrokenCatalogue, UnknownCity, read_catalogue, read_city


@pytest.fixture
def folder(tmp_path):
    """A copy of the catalogue that a test may spoil."""
    shutil.copytree(catalogue_files.FOLDER, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder):
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue("hcmc", folder)
    assert caught.value.facts["count"] == len(caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_every_problem_of_every_file_is_listed_not_only_the_first(folder):
    spoil(folder, "sectors.toml", 'icon = "road"\n', "")
    spoil(folder, "categories.toml", "danger = true", 'danger = "yes"')
    spoil(folder, "agencies.toml", 'class = "department"', 'class = "ministry"')
    spoil(folder, "rules.toml", "priority = 10", "priorty = 10")
    of_class = "it must be one of department, committee, utility"
    assert problems(folder) == [
        "sectors.toml: sector traffic: icon: is missing",
        "categories.toml: category road-subsidence: danger: must be true or false",
        f'agencies.toml: agency ubnd-tphcm: class: is "ministry"; {of_class}',
        "rules.toml: rule road-maintainer: priorty: is not a known key",
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("categories.toml", 'sector = "traffic"', 'sector = "trafic"', 'unknown sector "trafic"'),
        ("categories.toml", 'code = "noise"', 'code = "Noise!"', "a code is small letters"),
        ("categories.toml", 'code = "noise"', 'code = "litter"', "litter: stands 2 times"),
        ("categories.toml", "working_days = 5", "working_days = 0", "working_days must be at"),
        ("categories.toml", "working_days = 5", "working_days = 0.5", "must be a whole number"),
        ("categories.toml", "working_days = 5", "working_days = true", "must be a whole number"),
        ("categories.toml", 'name_en = "Noise, karaoke"', 'name_en = " "', "name_en: is empty"),
        ("categories.toml", 'icon = "volume"', f'icon = "{"v" * 61}"', "longer than 60 characters"),
        ("agencies.toml", 'parent = "ubnd-tphcm"', 'parent = "ubnd"', 'unknown agency "ubnd"'),
        ("agencies.toml", 'code = "ubnd-tphcm"\n', 'code = "ubnd-tphcm"\nparent = "tt-1022"\n',
         "is above itself"),
        ("agencies.toml", "valid_from = 2026-01-30", "valid_from = 2099-01-01",
         'the agency "tt-gtht" does not exist'),
        ("agencies.toml", "valid_from = 2026-01-30", 'valid_from = "2026-01-30"',
         "must be a day, written 2026-01-31 without quotes"),
        ("rules.toml", '"pothole"', '"potholes"', 'unknown category "potholes"'),
        ("rules.toml", 'sectors = ["lighting"]', 'sectors = ["lights"]', 'unknown sector "lights"'),
        ("rules.toml", 'asset_kinds = ["park"]', 'asset_kinds = ["pond"]', 'asset kind "pond"'),
        ("rules.toml", 'areas = ["con-dao"]', 'areas = ["con-son"]', 'area group "con-son"'),
        ("rules.toml", 'agency = "tt-1022"', 'agency = "tt-1080"', 'unknown agency "tt-1080"'),
        ("rules.toml", 'assign = "maintainer"', 'assign = "committee"', "assigns one of: maint"),
        ("rules.toml", 'assign = "maintainer"\n', 'assign = "maintainer"\nagency = "udc"\n',
         "names an agency exactly when"),
        ("rules.toml", 'asset_kinds = ["road"]\n', "", "names asset_kinds exactly when"),
        ("rules.toml", '"ward:26732"', '"26732"', 'the area "26732" must be written level:code'),
        ("rules.toml", "valid_from = 2026-01-05\n", "", "a rule for wards needs valid_from"),
        ("rules.toml", 'basis = "fallback"', 'basis = "area"', "no fallback rule gives everything"),
        ("rules.toml", 'basis = "fallback"', 'basis = "guess"', "it must be one of asset, service"),
        ("explanations.toml", "do {agency} bảo trì", "do {angency} bảo trì", "{angency} is not a"),
        ("explanations.toml", "do {agency} bảo trì", "do {agency bảo trì", "has a stray brace"),
        ("explanations.toml", 'code = "overlap"', 'code = "over-lap"', "question overlap: is miss"),
        ("explanations.toml", 'phrase_en = "a road"\n', "", "phrase_en: is missing"),
        ("cities/hcmc.toml", 'fallback_agency = "tt-1022"', 'fallback_agency = "x"', 'agency "x"'),
        ("cities/hcmc.toml", '"bank-erosion",', '"bank-robbery",', 'category "bank-robbery"'),
        ("cities/hcmc.toml", "[106.7009, 10.7769]", "[10.7769, 106.7009]", "longitude comes first"),
        ("cities/hcmc.toml", "Asia/Ho_Chi_Minh", "Asia/Sai_Gon", "is not a time zone"),
        ("cities/hcmc.toml", "8.4, 107.7", "107.7", "extent: must have 4 values"),
        ("cities/hcmc.toml", '["vi", "en"]', '["vi", "fr"]', "area_kind 1: fr: is missing"),
    ],
)  # fmt: skip
def test_a_wrong_place_is_named(folder, name, old, new, said):
    spoil(folder, name, old, new)
    found = problems(folder)
    assert any(said in problem for problem in found), found


def test_a_misspelt_table_is_not_lost_in_silence(folder):
    spoil(folder, "rules.toml", "[[area_group]]", "[[area_groups]]")
    assert "rules.toml: area_groups: is not a known key" in problems(folder)


def test_a_file_that_is_not_toml_or_not_there_is_named(folder):
    spoil(folder, "agencies.toml", "[[agency]]", "[[agency]")
    (folder / "rules.toml").unlink()
    broken, missing = problems(folder)
    assert broken.startswith("agencies.toml: is not TOML")
    assert missing == "rules.toml: the file is missing"


def test_an_unknown_city_names_those_there_are():
    with pytest.raises(UnknownCity, match="hcmc"):
        read_city("atlantis")


# Each reads the whole catalogue, and each shuffles hundreds of rows.
@settings(max_examples=15)
@given(seed=st.integers())
def test_the_order_of_agencies_and_rules_in_their_files_says_nothing(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("catalogue") / "catalogue"
    shutil.copytree(catalogue_files.FOLDER, folder)
    for name, table in (("agencies.toml", "agency"), ("rules.toml", "rule")):
        path = folder / name
        head, *rows = re.split(rf"(?m)^\[\[{table}\]\]\n", path.read_text(encoding="utf-8"))
        random.Random(seed).shuffle(rows)
        path.write_text(head + "".join(f"[[{table}]]\n{row}\n" for row in rows), encoding="utf-8")
    shuffled, written = read_catalogue("hcmc", folder), read_catalogue("hcmc")
    assert set(shuffled.rules) == set(written.rules)
    assert set(shuffled.agencies) == set(written.agencies)
