"""``data/gazetteers/``: what can be fetched, and what is there for each city."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.conf import settings

from districts import city
from gis_core.errors import N_, DomainError


class NoExtract(DomainError):
    """The manifest names no extract that holds the city."""

    code = "gazetteer.no_extract"
    status = 404
    message = N_(
        "data/gazetteers/manifest.toml names no extract that holds %(city)s. Add one, or give an "
        "address or a file with --from."
    )


def folder() -> Path:
    """Return the folder of mappings, former names and well-known places."""
    return Path(settings.BASE_DIR) / "data" / "gazetteers"


def extract_url() -> str:
    """Return the address of the extract that holds the current city. Raises NoExtract."""
    content = tomllib.loads((folder() / "manifest.toml").read_text(encoding="utf-8"))
    here = city.current()
    for extract in content["extracts"].values():
        if here.code in extract["cities"]:
            return str(extract["url"])
    raise NoExtract(city=here.name)


def former_names_of(city_code: str) -> Path:
    """Return where a city's former street names stand, if it has such a file."""
    return folder() / f"{city_code}-former-streets.toml"


def well_known_of(city_code: str) -> Path:
    """Return where a city's well-known places stand, if it has such a file."""
    return folder() / f"{city_code}-well-known.toml"
