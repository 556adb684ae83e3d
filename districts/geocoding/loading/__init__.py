"""Files -> places in the database, idempotently: a gazetteer is loaded whole."""

from districts.geocoding.loading.features import GazetteerFacts
from districts.geocoding.loading.gazetteers import load_tables

__all__ = ["GazetteerFacts", "load_tables"]
