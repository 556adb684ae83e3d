"""Load the city as the cases know it, through the product's own verbs, and take it away again."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from districts import fetching, obtaining, reading
from districts.catalogue_loading import load_catalogue
from districts.loading import (
    AssetColumns,
    AssetFacts,
    ServiceAreaColumns,
    ServiceAreaFacts,
    load_assets,
    load_edition,
    load_service_areas,
    publish_edition,
)
from districts.records import AreaFields, EditionFacts, area_records
from gis_core import sql
from tests.kept_rows import held

HERE = Path(__file__).parent
ZIP = "boundaries/hcmc_wards_2025_as_published.zip"
DISTRICTS = "boundaries/hcmc_districts_2021.geojson"


def laid(blocker: Any, lay: Callable[[], None]) -> AbstractContextManager[None]:
    """Hold what ``lay`` loads for a module's tests, as fit to be asked as after a commit."""

    def lay_and_settle() -> None:
        lay()
        settle()

    return held(blocker, lay_and_settle)


def settle() -> None:
    """Do what the product does after a commit, in the form that a transaction allows."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("REINDEX TABLE districts_piece")
        cursor.execute("REINDEX TABLE districts_border")
    sql.run("districts", "analyse_coverage", {})


def lay_all(data: Path) -> None:
    """Lay wards, former districts, assets and service areas."""
    lay_wards(data)
    lay_districts(data)
    lay_ground(data)


def lay_wards(data: Path) -> None:
    """Load the catalogue and the 168 wards of 2025 from the files as published."""
    load_catalogue()
    source = obtaining.known_source("hcmc-2025")
    with TemporaryDirectory() as folder:
        paths = fetching.fetch(source, Path(folder), str(data / ZIP))
        obtaining.put_into_use(source, paths, actor="tests")


def lay_districts(data: Path) -> None:
    """Load the districts of 2021, in force until the day before the wards of 2025."""
    fields = AreaFields(kind="type")
    facts = EditionFacts(
        "hcmc-districts-2021", "district", date(2021, 1, 1), date(2025, 7, 1), source=DISTRICTS
    )
    rows = reading.read([data / DISTRICTS], fields.columns())
    load_edition(area_records(rows, fields), facts)
    publish_edition(facts.name, facts.level)


def lay_ground(data: Path) -> None:
    """Load the assets and service areas that ground.toml lists."""
    ground = tomllib.loads((HERE / "ground.toml").read_text(encoding="utf-8"))
    for block in ground["assets"]:
        _load_assets(data, block)
    for block in ground["service_areas"]:
        _load_service_areas(data, block, ground["agencies"])


@cache
def _read(path: Path) -> list[reading.Row]:
    return reading.read([path])


def _load_assets(data: Path, block: dict[str, Any]) -> None:
    name = "" if block["file"].endswith(".csv") else "name"
    columns = AssetColumns(code=tuple(block["code"]), name=name)
    facts = AssetFacts(
        kind=block["kind"],
        source=block.get("source", block["file"]),
        owner=block.get("owner", ""),
        maintainer=block.get("maintainer", ""),
        buffer_m=block.get("buffer", 0.0),
        valid_from=block.get("valid_from"),
        contract_from=block.get("contract_from"),
        contract_to=block.get("contract_to"),
        only=block.get("only", {}),
    )
    rows = _read(data / block["file"])
    load_assets(rows, columns, facts, repair=True, actor="tests")


def _load_service_areas(data: Path, block: dict[str, Any], names: dict[str, str]) -> None:
    columns = ServiceAreaColumns(block.get("agency_field", ""), block.get("name_field", ""))
    facts = ServiceAreaFacts(
        categories=tuple(block["categories"]),
        source=block.get("source", block["file"]),
        agency=block.get("agency", ""),
        valid_from=block.get("valid_from"),
        valid_to=block.get("valid_to"),
        only=block.get("only", {}),
        agency_names=names,
    )
    rows = _read(data / block["file"])
    load_service_areas(rows, columns, facts, repair=True, actor="tests")
