"""What became of which area: by ground, by addresses, by what was reported there."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from districts import bulk_placement, reading
from districts.geocoding.areas import named
from districts.lineage import descents
from districts.loading import Options, load_edition
from districts.models import CatalogueChange, Lineage
from districts.records import AreaFields, EditionFacts, area_records
from incidents.models import Incident
from tests import zoo
from tests.incidents.test_rejoining import incident

HALVES = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}


@pytest.fixture
def old(town):
    return zoo.edition(HALVES, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)


def command(*options):
    said = StringIO()
    call_command("compute_lineage", *options, stdout=said)
    return said.getvalue()


def shares(column):
    rows = Lineage.objects.values_list("from_area__code", "to_area__code", column)
    return {(one, other): share for one, other, share in rows}


def test_shares_of_ground_on_both_sides(old):
    said = command("zoo-2019", "zoo-2025")
    assert "12 pairs" in said
    assert "2 were divided" in said
    ground, back = shares("area_share"), shares("back_share")
    assert ground["1", "101"] == pytest.approx(2 / 9, abs=2e-4)
    assert ground["1", "102"] == pytest.approx(1 / 9, abs=2e-4)
    assert back["1", "101"] == pytest.approx(1)
    assert back["1", "102"] == pytest.approx(0.5, abs=1e-3)
    assert back["2", "102"] == pytest.approx(0.5, abs=1e-3)
    assert ("1", "103") not in ground


def test_shares_of_addresses_and_incidents_where_any_are_known(old, tmp_path):
    file = tmp_path / "addresses.csv"
    places = [(106.705, 10.765)] * 3 + [(106.705, 10.775)]
    file.write_text("lon,lat\n" + "".join(f"{lon},{lat}\n" for lon, lat in places))
    Incident.objects.bulk_create([incident(106.725, 10.765), incident(106.725, 10.785)])
    command("zoo-2019", "zoo-2025", "--addresses", str(file))
    addresses, incidents = shares("address_share"), shares("incident_share")
    assert addresses["1", "101"] == 0.75
    assert addresses["1", "104"] == 0.25
    assert addresses["1", "107"] == 0
    assert addresses["2", "103"] is None
    assert incidents["2", "103"] == incidents["2", "109"] == 0.5
    assert incidents["1", "101"] is None


def test_computed_again_it_replaces_what_was(old):
    command("zoo-2019", "zoo-2025")
    first = shares("area_share")
    command("zoo-2019", "zoo-2025")
    assert shares("area_share") == first
    told = CatalogueChange.objects.filter(kind="lineage").first()
    assert (told.before, told.after) == ({"pairs": 12}, {"pairs": 12})


def test_an_edition_does_not_descend_from_itself(old):
    with pytest.raises(CommandError, match=r"lineage\.same_edition"):
        command("zoo-2019", "zoo-2019")


def loaded(test_data, name, file, level, fields, period):
    rows = reading.read([test_data / "boundaries" / file], fields.columns())
    facts = EditionFacts(name, level, *period)
    return load_edition(area_records(rows, fields), facts, Options(repair=True)).edition


@pytest.mark.django_db
def test_lineage_agrees_with_the_crosswalk_of_the_real_wards(test_data, town, capsys):
    """The reference was computed by another program in another CRS (EPSG:32648)."""
    fields = AreaFields(kind="type", name_en="name_en")
    old = loaded(
        test_data, "hcmc-2019", "hcmc_wards_2019.geojson", "ward", fields,
        (date(2019, 1, 1), date(2021, 1, 1)),
    )  # fmt: skip
    new = loaded(
        test_data, "hcmc-2025", "hcmc_wards_2025.geojson", "ward",
        AreaFields(full_name="full_name"), (date(2025, 7, 1), None),
    )  # fmt: skip
    before, after = (bulk_placement.of_edition(one.pk) for one in (old, new))
    ours = {
        (before.areas[pair.old].code, after.areas[pair.new].code): pair.area_share
        for pair in descents(before, after)
    }
    file = test_data / "boundaries" / "ward_crosswalk_2019_2021_2025.csv"
    with file.open(encoding="utf-8-sig") as lines:
        theirs = {
            (row["code_2019"], row["code_2025"]): float(row["share_of_2019_area"])
            for row in csv.DictReader(lines)
            if row["code_2025"]
        }
    mine = {pair: share for pair, share in ours.items() if share >= 0.01}
    apart = max(abs(mine[pair] - theirs[pair]) for pair in mine.keys() & theirs.keys())
    with capsys.disabled():
        print(
            f"\n{len(mine)} pairs, {len(theirs)} in the crosswalk, "
            f"{len(mine.keys() & theirs.keys())} in both; shares differ by at most {apart:.4f}"
        )
    # A pair may fall on either side of the limit of 1 %.
    odd = mine.keys() ^ theirs.keys()
    assert all(abs((mine.get(pair) or theirs[pair]) - 0.01) < 0.001 for pair in odd), odd
    assert apart < 0.001


def test_an_old_name_leads_to_the_wards_of_today(old):
    command("zoo-2019", "zoo-2025")
    [found] = named("Zoo 2")
    assert len(found.successors) == 6
    assert found.successors[0].share == pytest.approx(2 / 9, abs=2e-4)
