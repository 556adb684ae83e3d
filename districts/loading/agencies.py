"""From what a file calls an agency to the agency of the catalogue."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from districts.models import Agency
from districts.soundness import Problem
from gis_core.errors import N_, DomainError

UNKNOWN_AGENCY = N_(
    'No agency has the code "%(agency)s" (rows: %(count)s). Add it to the catalogue, or map the '
    "name to a code with --agency-map."
)


class BadAgencyMap(DomainError):
    """A file that should map names to agency codes does not."""

    code = "assets.bad_agency_map"
    status = 422
    message = N_('%(file)s must hold lines such as "Công ty Điện lực Sài Gòn" = "dl-sai-gon".')


def read_agency_map(path: Path) -> dict[str, str]:
    """Read a TOML file of names and codes; a table ``[agencies]`` around them is allowed.

    Raises BadAgencyMap.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadAgencyMap(file=path.name) from error
    lines = content.get("agencies", content)
    if not all(isinstance(code, str) for code in lines.values()):
        raise BadAgencyMap(file=path.name)
    return dict(lines)


@dataclass(frozen=True, slots=True)
class AgencyBook:
    """The catalogue's agencies by code, and what a file may call them instead."""

    agencies: Mapping[str, Agency]
    called: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def current(cls, called: Mapping[str, str] | None = None) -> AgencyBook:
        """Return the book of the database."""
        return cls({agency.code: agency for agency in Agency.objects.all()}, called or {})

    def find(self, text: str) -> Agency | None:
        """Return the agency with this code or name in the map; None for "" and for unknown ones."""
        return self.agencies.get(self.called.get(text, text))

    def problems(self, texts: Iterable[str]) -> list[Problem]:
        """Return one problem for each text, not empty, that stands for no agency."""
        counts = Counter(text for text in texts if text and self.find(text) is None)
        return [
            Problem(UNKNOWN_AGENCY, {"agency": text, "count": count})
            for text, count in sorted(counts.items())
        ]
