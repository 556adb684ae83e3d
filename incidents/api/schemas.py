"""The API's answers as they are described; ``incidents.answers`` holds the values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ninja import Field, Schema


class Problem(Schema):
    """Every error: what was wrong and what to do, in the reader's language."""

    type: str = Field(examples=["/docs/errors#position.outside_city"])
    title: str
    status: int = Field(examples=[422])
    code: str = Field(examples=["position.outside_city"])
    facts: dict[str, Any]


class Named(Schema):
    """A code and the name people know it by."""

    code: str
    name: str


class AreaName(Schema):
    """A ward, or a former district."""

    code: str = Field(examples=["26740"])
    name: str = Field(examples=["Sài Gòn"])
    full_name: str = Field(examples=["Phường Sài Gòn"])
    kind: str = Field(examples=["Phường"])
    former: bool = False


class EditionName(Schema):
    """The boundaries that were used."""

    name: str = Field(examples=["hcmc-2025"])
    approximate: bool


class AssetName(Schema):
    """A utility asset that covers the pin."""

    kind: str = Field(examples=["park"])
    name: str


class Candidate(Schema):
    """An agency it could be, and the share of the position's circle that leads to it."""

    agency: str
    name: str
    share: float = Field(examples=[0.62])


class Preview(Schema):
    """What a pin would lead to. Without a category ``agency`` and its reasons are empty."""

    ward: AreaName | None
    district: AreaName | None
    how: str = Field(examples=["inside"])
    margin_m: float | None = Field(examples=[41.7])
    edition: EditionName | None
    assets: list[AssetName]
    agency: Named | None = None
    because: str = ""
    certainty: float | None = None
    needs_triage: bool = False
    question: str = ""
    candidates: list[Candidate] = Field(default_factory=list)


class Receipt(Schema):
    """What the reporter keeps."""

    code: str = Field(examples=["K7M2-P9XT"])
    track_url: str = Field(examples=["/t/K7M2-P9XT"])
    incident: int | None
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    because: str
    needs_triage: bool
    state: str = Field(examples=["incident"])
    message: str = Field(
        examples=["Given to the committee of Sài Gòn Ward."],
        description="What happened last: also whether an operator has to look for the place",
    )


class Moment(Schema):
    """One entry of a timeline."""

    at: datetime
    kind: str = Field(examples=["assigned"])
    text: str


class PlaceOut(Schema):
    """A position in WGS 84 degrees."""

    lon: float = Field(examples=[106.7004])
    lat: float = Field(examples=[10.7769])


class Track(Schema):
    """A report as the holder of its code sees it."""

    code: str = Field(examples=["K7M2-P9XT"])
    status: str = Field(examples=["assigned"])
    state: str = Field(examples=["incident"])
    incident: int | None
    category: Named
    icon: str
    position: PlaceOut | None
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    because: str
    needs_triage: bool
    reported: datetime
    timeline: list[Moment]
    words: str
    photos: list[str]
    words_public: bool


class WordsOut(Schema):
    """What one reporter wrote and photographed, approved."""

    at: datetime
    text: str
    photos: list[str]


class Card(Schema):
    """One incident; ``words`` holds what the reader may see."""

    id: int
    category: Named
    sector: Named
    icon: str
    status: str
    position: PlaceOut
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    because: str
    needs_triage: bool
    opened: datetime
    updated: datetime
    report_count: int
    words: list[WordsOut]


class SimilarIncident(Schema):
    """A public incident that may be the same."""

    id: int
    category: str = Field(examples=["pothole"])
    status: str = Field(examples=["assigned"])
    distance_m: float = Field(examples=[7.4])
    since: datetime
    position: PlaceOut


class Similar(Schema):
    """What may be known already, the likeliest first."""

    incidents: list[SimilarIncident]


class CategoryOut(Schema):
    """A category to choose from."""

    code: str
    name: str
    name_vi: str
    name_en: str
    icon: str
    danger: bool
    words: str


class SectorOut(Schema):
    """A sector and its categories."""

    code: str
    name: str
    name_vi: str
    name_en: str
    icon: str
    categories: list[CategoryOut]


class Catalogue(Schema):
    """Everything that can be reported."""

    version: int
    sectors: list[SectorOut]


class Hint(Schema):
    """Where a photo says it was taken; empty when it does not say."""

    lon: float | None = None
    lat: float | None = None


PROBLEM: Final = {
    "description": "What was wrong and what to do",
    "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
}


def described(*errors: int, also: Mapping[int, Any] | None = None) -> dict[str, Any]:
    """Return what an operation adds to the description: its errors, and answers not JSON."""
    return {"responses": {**dict.fromkeys(errors, PROBLEM), **(also or {})}}


def sent_as(content_type: str) -> dict[int, Any]:
    """Return the description of a good answer that is not JSON."""
    return {200: {"description": "OK", "content": {content_type: {"schema": {}}}}}
