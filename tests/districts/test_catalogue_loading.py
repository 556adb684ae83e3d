"""Loading the catalogue: once, again, changed, broken, and after the city has edited it."""

from __future__ import annotations

import random
import re
import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from districts import catalogue_files, rulebook
from districts.catalogue_files import BrokenCatalogue
from districts.catalogue_loading import load_catalogue
from districts.models import Agency, Area, CatalogueChange, Category, Rule, Sector
from tests import zoo

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the catalogue that a test may change."""
    shutil.copytree(catalogue_files.FOLDER, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load(folder, **options):
    return [str(change) for change in load_catalogue("hcmc", folder, **options)]


def remove_rule(folder, code):
    path = folder / "rules.toml"
    text = path.read_text(encoding="utf-8")
    kept = re.sub(rf'(?ms)^\[\[rule\]\]\ncode = "{code}"\n.*?(?=^\[\[|^# ---|\Z)', "", text)
    assert kept != text
    path.write_text(kept, encoding="utf-8")


def test_the_second_load_changes_nothing_and_says_so():
    first = load_catalogue()
    assert {change.what for change in first} == {"added"}
    counts = [model.objects.count() for model in (Sector, Category, Agency, Rule)]
    assert len(first) == sum(counts) == CatalogueChange.objects.count()
    assert load_catalogue() == []
    assert CatalogueChange.objects.count() == len(first)
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert out.getvalue() == "The catalogue is up to date.\n"


def test_the_database_says_what_the_files_say():
    load_catalogue()
    pothole = Category.objects.get(code="pothole")
    assert (pothole.sector_id, pothole.name, pothole.active) == (
        "traffic",
        "Ổ gà, mặt đường hư",
        True,
    )
    centre = Agency.objects.get(code="tt-gtht")
    assert centre.parent is not None
    assert centre.parent.code == "so-xay-dung"
    assert (centre.valid.lower, centre.valid.upper) == (date(2026, 1, 30), None)
    rule = Rule.objects.get(code="con-dao-infrastructure")
    assert rule.area_codes == ["ward:26732"]
    assert (rule.valid.lower, rule.superseded_at) == (date(2026, 1, 5), None)
    assert [one.code for one in Sector.objects.all()][:2] == ["traffic", "drainage"]


def test_what_was_loaded_is_what_routing_reads():
    load_catalogue()
    book = rulebook.current()
    assert book.category("pothole").sector == "traffic"
    assert book.agency("tt-1022").name_en == "1022 Coordination Centre"
    assert len(book.rules) == Rule.objects.count()


def test_a_changed_rule_supersedes_and_the_old_one_is_kept(folder):
    load(folder)
    old = Rule.objects.get(code="telecom")
    edit(folder, "rules.toml", 'agency = "so-khcn"', 'agency = "vnpt"')
    version = rulebook.newest_version()
    assert load(folder) == ["changed rule telecom (agency)"]
    old.refresh_from_db()
    assert old.superseded_at is not None
    assert old.agency is not None
    assert old.agency.code == "so-khcn"
    new = Rule.objects.get(code="telecom", superseded_at=None)
    assert new.pk != old.pk
    assert new.agency == Agency.objects.get(code="vnpt")
    change = CatalogueChange.objects.get(id__gt=version)
    assert (change.before["agency"], change.after["agency"]) == ("so-khcn", "vnpt")
    assert load(folder) == []


def test_a_rule_or_category_that_left_its_file_is_closed_not_deleted(folder):
    load(folder)
    edit(
        folder,
        "categories.toml",
        '[[category]]\ncode = "illegal-advert"',
        '[[category]]\ncode = "advert"',
    )
    for name in ("rules.toml", "rules.toml"):
        edit(folder, name, '"illegal-advert"', '"advert"')
    remove_rule(folder, "police")
    changes = load(folder)
    assert "added category advert" in changes
    assert "changed category illegal-advert (active)" in changes
    assert "closed rule police" in changes
    assert not Category.objects.get(code="illegal-advert").active
    assert Rule.objects.get(code="police").superseded_at is not None
    assert load(folder) == []


def test_a_category_or_rule_that_returns_to_its_file_is_in_use_again(folder, tmp_path):
    whole = shutil.copytree(folder, tmp_path / "whole")
    load(folder)
    remove_rule(folder, "police")
    load(folder)
    assert load(whole) == ["added rule police"]
    assert Rule.objects.filter(code="police").count() == 2


def test_a_broken_file_changes_nothing_and_every_problem_is_told(folder):
    load(folder)
    version = rulebook.newest_version()
    edit(folder, "categories.toml", "Ổ gà, mặt đường hư", "Ổ voi")
    edit(folder, "rules.toml", 'agency = "tt-gtht"', 'agency = "nobody"')
    edit(folder, "rules.toml", 'agency = "hurc1"', 'agency = "no-one"')
    with pytest.raises(BrokenCatalogue) as caught:
        load(folder)
    assert [(problem.file, problem.what) for problem in caught.value.problems] == [
        ("rules.toml", 'names an unknown agency "nobody"'),
        ("rules.toml", 'names an unknown agency "no-one"'),
    ]
    assert rulebook.newest_version() == version
    assert Category.objects.get(code="pothole").name == "Ổ gà, mặt đường hư"


def test_the_command_tells_a_broken_catalogue_in_one_sentence(monkeypatch):
    def broken(*_args, **_options):
        raise BrokenCatalogue([])

    monkeypatch.setattr("districts.management.commands.load_catalogue.load_catalogue", broken)
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_catalogue")


def city_renames_pothole():
    """What the administration's pages do: write the row and the record of it."""
    Category.objects.filter(code="pothole").update(name="Ổ gà to")
    CatalogueChange.objects.create(kind="category", code="pothole", actor="thu")


def test_what_the_city_edited_outlives_a_start_of_the_program(folder):
    load(folder)
    city_renames_pothole()
    assert load(folder) == []
    assert Category.objects.get(code="pothole").name == "Ổ gà to"


def test_a_file_that_says_something_new_about_an_edited_row_is_told_and_may_win(folder):
    load(folder)
    city_renames_pothole()
    edit(folder, "categories.toml", 'name_en = "Pothole,', 'name_en = "Hole,')
    assert load(folder) == ["kept category pothole (name, name_en)"]
    assert Category.objects.get(code="pothole").name == "Ổ gà to"
    assert load(folder, overwrite=True) == ["changed category pothole (name, name_en)"]
    assert Category.objects.get(code="pothole").name == "Ổ gà, mặt đường hư"
    assert load(folder) == []


def test_a_rule_that_the_city_added_is_not_closed_by_the_files():
    load_catalogue()
    Rule.objects.create(code="fair", basis="area", assign="committee", valid=DateRange(None, None))
    CatalogueChange.objects.create(kind="rule", code="fair", actor="thu", after={})
    assert load_catalogue() == []
    assert load_catalogue(overwrite=True) == []
    assert Rule.objects.get(code="fair").superseded_at is None


def everything():
    """Return the loaded catalogue without ids and times."""
    agencies = Agency.objects.values_list(
        "code", "name", "name_en", "parent__code", "valid", "agency_class"
    )
    rules = Rule.objects.filter(superseded_at=None).values_list("code", "agency__code", "valid")
    wards = Area.objects.values_list("edition__name", "code", "committee__code")
    return set(agencies), set(rules), set(wards)


def without_committees(**interval):
    made = zoo.edition(**interval)
    made.areas.update(committee=None)
    return made


@pytest.mark.parametrize("boundaries_first", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_loading_does_not_matter(folder, boundaries_first, seed):
    path = folder / "agencies.toml"
    head, *rows = re.split(r"(?m)^\[\[agency\]\]\n", path.read_text(encoding="utf-8"))
    random.Random(seed).shuffle(rows)
    path.write_text(head + "".join(f"[[agency]]\n{row}\n" for row in rows), encoding="utf-8")
    if boundaries_first:
        without_committees()
        load(folder)
    else:
        load(folder)
        without_committees()
        load_catalogue("hcmc", folder)
    agencies, rules, wards = everything()
    assert load(folder) == []
    assert everything() == (agencies, rules, wards)
    assert len(wards) == 9
    parents = {row[0]: row[3] for row in agencies}
    assert all(parents[committee] == "ubnd-tphcm" for _, _, committee in wards)
    assert parents["tt-1022"] == "tt-cds"
