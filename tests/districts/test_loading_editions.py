"""An edition is stored whole or not at all, and put into use in one step."""

import hashlib
from datetime import date
from io import StringIO

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from districts import city
from districts.loading import Options, Outcome, load_edition, publish_edition
from districts.loading.editions import BadInterval, EditionInUse
from districts.loading.publishing import EditionsOverlap, ExactInForce, NoEdition, WhichLevel
from districts.models import Agency, Area, Border, CatalogueChange, Edition, Piece
from districts.records import AreaRecord, EditionFacts
from districts.soundness import Unsound

pytestmark = pytest.mark.django_db

SINCE = date(2025, 7, 1)


def square(column, row, side=0.01):
    west, south = 106.7 + column * side, 10.7 + row * side
    return shapely.box(west, south, west + side, south + side)


def records(count=3, name="Ward"):
    return [
        AreaRecord(str(101 + n), f"{name} {n}", "", "Phường", square(n, 0)) for n in range(count)
    ]


def facts(name="town-2025", *, level="ward", since=SINCE, until=None, **more):
    more.setdefault("sha256", hashlib.sha256(name.encode()).hexdigest())
    return EditionFacts(name, level, since, until, **more)


def load(name="town-2025", rows=None, **more):
    return load_edition(rows or records(), facts(name, **more), actor="test")


def publish(name="town-2025", **more):
    return publish_edition(name, actor="test", **more)


def published():
    return set(Edition.objects.filter(published=True).values_list("name", flat=True))


def test_a_loaded_edition_has_its_areas_their_cover_and_a_change_but_is_not_in_use():
    loaded = load()
    assert (loaded.outcome, loaded.areas) == (Outcome.STORED, 3)
    assert loaded.edition.territory == city.current().territory
    assert not published()
    for area in Area.objects.filter(edition=loaded.edition):
        assert area.shape.contains(area.label_point)
    assert Piece.objects.filter(edition=loaded.edition).exists()
    assert Border.objects.filter(edition=loaded.edition).exists()
    change = CatalogueChange.objects.latest("id")
    assert (change.kind, change.code, change.before) == ("edition", "town-2025", None)
    assert change.after["areas"] == 3
    assert change.after["valid"] == ["2025-07-01", None]


def test_an_unsound_edition_lists_everything_and_leaves_nothing():
    rows = [*records(), AreaRecord("103", "", "", "", square(2, 0, side=0.011))]
    with pytest.raises(Unsound) as caught:
        load(rows=rows)
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 3
    assert "has no name" in said[0]
    assert "103 is used by 2 rows" in said[1]
    assert "overlap" in said[2]
    assert not Edition.objects.exists()
    assert not CatalogueChange.objects.exists()


def test_an_empty_file_is_not_an_edition():
    with pytest.raises(Unsound) as caught:
        load_edition([], facts())
    assert [str(problem) for problem in caught.value.problems] == ["There is no feature in it."]


def test_a_repair_is_made_only_when_asked_for():
    bow_tie = shapely.Polygon([(106.8, 10.7), (106.82, 10.72), (106.82, 10.7), (106.8, 10.72)])
    rows = [*records(), AreaRecord("109", "Bow", "", "", bow_tie)]
    with pytest.raises(Unsound, match="Problems found: 1"):
        load(rows=rows)
    loaded = load_edition(rows, facts(), Options(repair=True))
    assert [str(note).split(":")[0] for note in loaded.repairs] == ["109 Bow was repaired"]
    assert Area.objects.get(code="109").shape.valid


def test_the_same_file_again_writes_nothing():
    load()
    changes = CatalogueChange.objects.count()
    assert load().outcome == Outcome.SAME
    publish()
    changes = CatalogueChange.objects.count()
    assert load().outcome == Outcome.SAME
    assert CatalogueChange.objects.count() == changes


def test_another_file_replaces_what_is_not_in_use():
    load()
    assert load(rows=records(4), sha256="f" * 64).outcome == Outcome.REPLACED
    assert Area.objects.count() == 4
    assert CatalogueChange.objects.latest("id").before["areas"] == 3


def test_the_same_file_under_other_facts_replaces_too():
    load()
    assert load(since=date(2026, 1, 1)).outcome == Outcome.REPLACED
    assert load(rows=records(name="Renamed"), since=date(2026, 1, 1)).outcome == Outcome.REPLACED


def test_what_is_in_use_is_not_changed_under_peoples_feet():
    load()
    publish()
    with pytest.raises(EditionInUse, match="--replaces town-2025"):
        load(sha256="f" * 64)
    assert Edition.objects.get().sha256 != "f" * 64


def test_a_period_without_a_day_is_refused():
    with pytest.raises(BadInterval, match="2025-07-01"):
        load(until=SINCE)


def test_publishing_puts_it_into_use_and_gives_wards_their_committees():
    load()
    done = publish()
    assert (done.areas, list(done.withdrawn), done.already) == (3, [], False)
    assert published() == {"town-2025"}
    assert Edition.objects.get().published_at is not None
    assert Area.objects.filter(committee=None).count() == 0
    assert Agency.objects.filter(agency_class="committee").count() == 3
    assert publish().already


def test_a_dry_run_counts_and_writes_nothing():
    load()
    changes = CatalogueChange.objects.count()
    assert publish(dry_run=True).areas == 3
    assert not published()
    assert CatalogueChange.objects.count() == changes


def test_two_editions_may_not_be_in_force_on_the_same_day():
    load("old", since=date(2019, 1, 1))
    publish("old")
    load()
    with pytest.raises(EditionsOverlap, match="old is in force in part of the same period"):
        publish()
    assert published() == {"old"}


def test_periods_that_meet_do_not_overlap_and_levels_do_not_compete():
    load("old", since=date(2019, 1, 1), until=SINCE)
    publish("old")
    load("quarters", level="district", since=date(2019, 1, 1))
    publish("quarters")
    load()
    publish()
    assert published() == {"old", "quarters", "town-2025"}


def test_an_edition_that_is_named_goes_out_of_use_in_the_same_step():
    load("town-2025")
    publish("town-2025")
    load("town-2025-b", rows=records(4))
    assert list(publish("town-2025-b", replaces=["town-2025"]).withdrawn) == ["town-2025"]
    assert published() == {"town-2025-b"}


def test_exact_boundaries_take_the_place_of_approximate_ones_never_the_reverse():
    load("rough", approximate=True)
    publish("rough")
    load()
    assert list(publish().withdrawn) == ["rough"]
    assert published() == {"town-2025"}
    with pytest.raises(ExactInForce, match="rough is only approximate"):
        publish("rough")
    assert published() == {"town-2025"}


def test_two_approximate_editions_compete_like_others():
    load("rough", approximate=True)
    publish("rough")
    load("rougher", approximate=True)
    with pytest.raises(EditionsOverlap):
        publish("rougher")


def test_names_that_are_unknown_or_stand_for_two_levels_are_answered_with_what_there_is():
    load()
    load(level="district")
    with pytest.raises(NoEdition, match=r"town-2025 \(district\), town-2025 \(ward\)"):
        publish("other")
    with pytest.raises(WhichLevel, match=r"several levels \((district, ward|ward, district)\)"):
        publish()
    assert publish(level="ward").edition.level == "ward"


def test_the_database_itself_refuses_an_overlap():
    load("old", since=date(2019, 1, 1))
    publish("old")
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(
            name="new",
            level="ward",
            territory=city.current().territory,
            valid=DateRange(SINCE, None),
            published=True,
        )


def run(command, *arguments):
    out, errors = StringIO(), StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue(), f"{errors.getvalue()}{error}"
    return out.getvalue(), ""


def test_the_wards_of_2025_by_command(test_data):
    path = test_data / "boundaries/hcmc_wards_2025.geojson"
    arguments = (path, "--edition", "w", "--level", "ward", "--kind-field", "type")
    _, errors = run("load_boundaries", *arguments)
    assert "25807 Thanh An is invalid" in errors
    assert "Problems found: 2. [boundaries.unsound]" in errors
    out, errors = run("load_boundaries", *arguments, "--repair", "--publish")
    assert errors == ""
    assert "w (ward) stored: 168 areas" in out
    assert out.count("was repaired") == 2
    assert "is published: 168 areas" in out
    assert Agency.objects.filter(agency_class="committee").count() == 168


def test_a_command_says_what_a_publication_would_do():
    load("rough", approximate=True)
    publish("rough")
    load()
    out, _ = run("publish_edition", "town-2025", "--dry-run")
    assert "town-2025 (ward) would be published: 3 areas." in out
    assert "rough would be out of use." in out
    assert published() == {"rough"}
    out, errors = run("publish_edition", "nothing")
    assert "[boundaries.no_edition]" in errors
