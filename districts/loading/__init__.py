"""The verbs that change the territory: each checks, writes and records in one transaction."""

from districts.loading.editions import Loaded, Options, load_edition
from districts.loading.publishing import Publication, publish_edition

__all__ = [
    "Loaded",
    "Options",
    "Publication",
    "load_edition",
    "publish_edition",
]
