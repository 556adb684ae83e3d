"""Why this agency, and what a person is asked when that is not sure: one sentence a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from districts import city
from districts.catalogue_records import Wording
from districts.routing import Claim, Decision
from districts.rulebook import Rulebook
from districts.territory import AreaRef, AssetRef, Placement


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences by language code; ``question`` is empty where nothing is asked."""

    because: Mapping[str, str]
    question: Mapping[str, str]


def explain(decision: Decision, placement: Placement, book: Rulebook) -> Explanation:
    """Return why ``decision`` was made, in every language of the city, and the open question."""
    languages = city.current().languages
    asked = decision.needs_triage or decision.check_after
    return Explanation(
        because=Wording((code, _because(decision.claim, book, code)) for code in languages),
        question=Wording(
            (code, _question(decision, placement, book, code)) for code in languages if asked
        ),
    )


def area_name(area: AreaRef, language: str) -> str:
    """Return an area as people say it: "Phường Sài Gòn", "Sài Gòn Ward", "District 1"."""
    return kind_and_name(area.kind, area.name, language)


def kind_and_name(kind: str, name: str, language: str) -> str:
    """Return a kind of area and a name in the order of ``language``; a number comes after."""
    town = city.current()
    spoken = town.kind_names(kind)[language]
    kind_first = language == town.languages[0] or name.isdigit()
    words = (spoken, name) if kind_first else (name, spoken)
    return " ".join(words).strip()


def asset_name(asset: AssetRef, language: str) -> str:
    """Return an asset's name, else what its kind is called: "a park"."""
    if asset.name:
        return asset.name
    kind = city.explanations().asset_kind(asset.kind)
    return kind.phrase[language] if kind else asset.kind


def _because(claim: Claim, book: Rulebook, language: str) -> str:
    names = {
        "agency": book.agency(claim.agency).in_sentence(language),
        "area": area_name(claim.area, language) if claim.area else "",
        "asset": asset_name(claim.asset, language) if claim.asset else "",
        "service_area": claim.service_area.name if claim.service_area else "",
    }
    return city.explanations().why(claim.basis, claim.assign)[language].format(**names)


def _question(decision: Decision, placement: Placement, book: Rulebook, language: str) -> str:
    first, second, *_ = decision.candidates
    names = {
        "accuracy": round(placement.position.accuracy_m),
        "agency_a": book.agency(first.agency).in_sentence(language),
        "agency_b": book.agency(second.agency).in_sentence(language),
        "share_a": f"{first.share:.0%}",
        "share_b": f"{second.share:.0%}",
    }
    return city.explanations().question(_kind(decision))[language].format(**names)


def _kind(decision: Decision) -> str:
    """Return whether the doubt comes from owners that overlap, from one border, or from several."""
    if decision.overlap:
        return "overlap"
    return "border" if len(decision.candidates) == 2 else "border_many"
