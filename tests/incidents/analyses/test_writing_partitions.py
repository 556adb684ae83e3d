"""Partitions hold what may leave the house, once each; hotspots are found in them by a command."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import geopandas as gpd
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from districts.models import Category
from incidents.actors import ANYBODY
from incidents.analyses.writing_partitions import By, FolderNotEmpty, write_partitions
from incidents.filters import Filters
from incidents.models import Incident
from tests.incidents.test_dossier import opened
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db
LATE_IN_MARCH = datetime(2026, 3, 31, 18, tzinfo=UTC)
"""In the city it is the first of April."""


@pytest.fixture
def shown():
    """Four that everybody sees, two of them in March; one that is hidden, one that is sensitive."""
    town_again()
    rows = [opened(str(n), north_m=300 * n) for n in range(6)]
    days = [datetime(2026, 3, 5, tzinfo=UTC)] * 2 + [LATE_IN_MARCH] * 4
    for row, day in zip(rows, days, strict=True):
        Incident.objects.filter(pk=row.pk).update(opened_at=day, public=True)
    Incident.objects.filter(pk=rows[4].pk).update(public=False)
    sensitive = Category.objects.filter(sensitive=True).first()
    Incident.objects.filter(pk=rows[5].pk).update(category=sensitive)
    return [row.pk for row in rows[:4]]


def test_by_month_by_place_and_into_one_answer(shown, tmp_path):
    by_month = write_partitions(ANYBODY, Filters(), tmp_path / "month")
    assert [file.name for file in by_month] == ["2026-03-000.parquet", "2026-04-000.parquet"]
    assert [_ids([file]) for file in by_month] == [shown[:2], shown[2:]]

    by_place = write_partitions(ANYBODY, Filters(), tmp_path / "place", By.PLACE, most=3)
    assert [file.name for file in by_place] == ["00000.parquet", "00001.parquet"]
    assert [len(_ids([file])) for file in by_place] == [3, 1]
    assert sorted(_ids(by_place)) == shown
    with pytest.raises(FolderNotEmpty):
        write_partitions(ANYBODY, Filters(), tmp_path / "month")

    out, said = tmp_path / "hot.gpkg", StringIO()
    for folder in ("month", "place"):
        call_command("analyse", parquet=tmp_path / folder, method="gi_star", out=out, stdout=said)
    first, second = said.getvalue().splitlines()
    assert first == second
    assert first.startswith("4 incidents, ")
    found = gpd.read_file(out)
    assert found.crs == 4326
    assert found["count"].sum() == 4
    call_command(
        "analyse", parquet=tmp_path / "place", method="density", out=tmp_path / "d.geojson",
        since=datetime(2026, 4, 1, tzinfo=UTC).date(), stdout=said,
    )  # fmt: skip
    assert said.getvalue().splitlines()[-1].startswith("2 incidents, ")


def test_a_folder_without_partitions_is_told(tmp_path):
    with pytest.raises(CommandError, match="holds no"):
        call_command("analyse", parquet=tmp_path, method="gi_star", out=tmp_path / "x.gpkg")


def _ids(files):
    return pd.concat(gpd.read_parquet(file)["id"] for file in files).tolist()
