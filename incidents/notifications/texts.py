"""The texts of notices, from their data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

FALLBACK = "vi"


@dataclass(frozen=True, slots=True)
class Text:
    """A notice's text in one language, with ``{names}`` to be filled in."""

    subject: str
    body: str
    short: str

    def filled(self, facts: Mapping[str, str]) -> Text:
        """Return the text with the facts in their places. Raises KeyError for one that is not."""
        return Text(*(part.format_map(facts) for part in (self.subject, self.body, self.short)))


def text(audience: str, kind: str, language: str) -> Text:
    """Return what an audience is told. Raises KeyError where the data file has none."""
    spoken = _texts()[audience, kind]
    return spoken.get(language) or spoken[FALLBACK]


def known(audience: str, kind: str) -> bool:
    """Tell whether an audience is told anything of a kind."""
    return (audience, kind) in _texts()


def kinds() -> Mapping[tuple[str, str], Mapping[str, Text]]:
    """Return what can be told, by audience and kind, in each language."""
    return _texts()


@cache
def _texts() -> Mapping[tuple[str, str], Mapping[str, Text]]:
    source = resources.files("incidents.notifications") / "texts.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        (audience, kind): {
            language: Text(said["subject"], said["body"].strip() + "\n", said["short"])
            for language, said in spoken.items()
        }
        for audience, told in data.items()
        for kind, spoken in told.items()
    }
