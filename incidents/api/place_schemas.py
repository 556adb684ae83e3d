"""What the API says about places: suggestions, candidates, a position in words."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema

from incidents.api.schemas import AreaName, PlaceOut


class SuggestionOut(Schema):
    """A place that what was typed may become."""

    label: str = Field(examples=["Ngã tư Hàng Xanh"])
    detail: str = Field(examples=["Phường Thạnh Mỹ Tây · trước đây Quận Bình Thạnh"])
    kind: str = Field(
        description="area, street, alley, junction, landmark or stop", examples=["junction"]
    )
    lon: float = Field(examples=[106.7117])
    lat: float = Field(examples=[10.8015])
    accuracy_m: float = Field(examples=[30])
    box: tuple[float, float, float, float] = Field(description="west, south, east, north")
    text: str = Field(
        "",
        description="Where it is not empty, ask /geocode for it when it is chosen: the position "
        "here is that of the whole street, not yet of the house",
    )


class Suggestions(Schema):
    """The likeliest first."""

    suggestions: list[SuggestionOut]
    attribution: list[str] = Field(examples=[["© OpenStreetMap contributors, ODbL"]])


class Asked(Schema):
    """A text that says where something is."""

    text: str = Field(examples=["ngã tư Hàng Xanh, Bình Thạnh"], description="At most 10,000 signs")
    near: PlaceOut | None = Field(
        None, description="Where the reader looks: of equal places the nearer comes first"
    )
    limit: int = Field(5, ge=1, le=20)


class PartOut(Schema):
    """A part of the text and what it was taken for."""

    text: str
    start: int
    end: int = Field(description="[start, end) counts characters of the text in NFC")
    taken_for: str = Field(examples=["street"])
    name: str = Field(examples=["Lê Duẩn"])
    closeness: float = Field(examples=[1.0])


class CandidateProperties(Schema):
    """One place the text may mean."""

    label: str = Field(examples=["34 Lê Duẩn, Phường Sài Gòn"])
    confidence: float = Field(examples=[0.93], description="The share of such answers that hold")
    accuracy_m: float = Field(examples=[40])
    means: str = Field(examples=["house"])
    ward: AreaName | None
    parts: list[PartOut]
    why: list[str] = Field(description="In words")
    shape: dict[str, Any] | None = Field(
        None, description="GeoJSON geometry where the text means a stretch or an area"
    )


class Point(Schema):
    """GeoJSON."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class CandidateFeature(Schema):
    """GeoJSON."""

    type: Literal["Feature"] = "Feature"
    geometry: Point
    properties: CandidateProperties


class Candidates(Schema):
    """A FeatureCollection, the likeliest first; empty where the text names no place here."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[CandidateFeature]
    attribution: list[str]
    version: int = Field(description="Of the gazetteer: equal texts and versions, equal answers")


class InWords(Schema):
    """A position as people would say it; empty where nothing with a name is near."""

    text: str = Field(examples=["trước 45 Lê Lợi, Phường Sài Gòn"])
    attribution: list[str]
