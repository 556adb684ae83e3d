"""The verbs that change the territory: each checks, writes and records in one transaction."""

from districts.loading.assets import AssetColumns, AssetFacts, load_assets
from districts.loading.editions import Loaded, Options, Outcome, load_edition
from districts.loading.publishing import Publication, publish_edition
from districts.loading.residents import CountFacts, LoadedResidents, load_residents
from districts.loading.service_areas import (
    ServiceAreaColumns,
    ServiceAreaFacts,
    load_service_areas,
)
from districts.loading.superseding import Reloaded

__all__ = [
    "AssetColumns",
    "AssetFacts",
    "CountFacts",
    "Loaded",
    "LoadedResidents",
    "Options",
    "Outcome",
    "Publication",
    "Reloaded",
    "ServiceAreaColumns",
    "ServiceAreaFacts",
    "load_assets",
    "load_edition",
    "load_residents",
    "load_service_areas",
    "publish_edition",
]
