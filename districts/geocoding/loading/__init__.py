"""Files -> places in the database, idempotently: a gazetteer is loaded whole."""

from districts.geocoding.loading.features import GazetteerFacts
from districts.geocoding.loading.fetching import ExtractDownload
from districts.geocoding.loading.gazetteers import load_extracts, load_tables, load_well_known
from districts.geocoding.loading.manifest import extract_url
from districts.geocoding.loading.tables import NoMapping

__all__ = [
    "ExtractDownload",
    "GazetteerFacts",
    "NoMapping",
    "extract_url",
    "load_extracts",
    "load_tables",
    "load_well_known",
]
