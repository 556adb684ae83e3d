"""Incidents: a list as GeoJSON, and one card."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from districts import rulebook
from districts.placement import read_lonlat
from gis_core import languages
from gis_core.positions import Position
from incidents import coarse, listing, selectors
from incidents.answers import Card, Words
from incidents.api import schemas
from incidents.api.asker import actor, address
from incidents.duplicates import asking, wording
from incidents.duplicates.likeness import Case
from incidents.filters import Filters, read_box, read_filters
from incidents.services.tries import Trying, count_try

router = Router(tags=["incidents"])

LARGEST_ID = (1 << 63) - 1


class ListQuery(Schema):
    """What to list. Lists may be repeated or comma-separated; days are both included."""

    bbox: str = Field(
        "", description="west,south,east,north in degrees", examples=["106.69,10.76,106.71,10.78"]
    )
    sector: list[str] = Field([], examples=[["traffic"]])
    category: list[str] = Field([], examples=[["pothole"]])
    status: list[str] = Field([], examples=[["received", "assigned"]])
    agency: list[str] = Field([], description="Codes; those below an agency are meant too")
    ward: list[str] = Field([], description="Codes of wards of today, whatever was theirs before")
    since: date | None = None
    until: date | None = None
    limit: int = Field(200, ge=1, le=listing.MOST)
    cursor: str | None = Field(None, description="`next` of the page before", max_length=200)

    def filters(self) -> Filters:
        """Return the filters, checked."""
        return read_filters(
            bbox=self.bbox,
            sector=self.sector,
            category=self.category,
            status=self.status,
            agency=self.agency,
            ward=self.ward,
            days=(self.since, self.until),
        )


@router.get(
    "/incidents",
    openapi_extra=schemas.described(422, 503, also=schemas.sent_as("application/geo+json")),
    summary="Incidents in a box, as GeoJSON",
)
def list_incidents(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """Return a FeatureCollection, newest first, with ``next``: the cursor of the page after it."""
    content = listing.collection(
        actor(request),
        query.filters(),
        limit=query.limit,
        cursor=query.cursor,
        language=languages.active(),
    )
    return HttpResponse(content, "application/geo+json")


@router.get(
    "/incidents/coarse",
    openapi_extra=schemas.described(422, 503, also=schemas.sent_as("application/geo+json")),
    summary="Sensitive categories, as counts in coarse cells",
)
def count_coarsely(
    request: HttpRequest, bbox: Annotated[str, Query(examples=["106.69,10.76,106.71,10.78"])]
) -> HttpResponse:
    """Return cells of 0.005 degrees with at least five incidents of a sensitive category.

    These categories are in no other public answer; every cell that the box touches is whole.
    """
    return HttpResponse(coarse.counts(read_box(bbox)), "application/geo+json")


class SimilarQuery(Schema):
    """What somebody is about to report."""

    lon: float = Field(examples=[106.7004])
    lat: float = Field(examples=[10.7769])
    category: str = Field(examples=["pothole"], description="A code from /catalogue")
    accuracy: float = Field(0, description="Radius in metres", examples=[12])
    text: str = Field("", max_length=4000, examples=["Ổ gà sâu giữa đường"])


@router.get(
    "/incidents/similar",
    response=schemas.Similar,
    openapi_extra=schemas.described(422, 429, 503),
    summary="What may be known already",
)
def find_similar(request: HttpRequest, query: Query[SimilarQuery]) -> dict[str, Any]:
    """Return at most 5 public incidents that such a report may be about, the likeliest first.

    Open ones, and some that were closed lately. Never more of them than the public map shows;
    nothing that is asked is kept.
    """
    count_try(Trying.SIMILAR, address(request))
    category = rulebook.current().category(query.category)
    position = Position(read_lonlat(query.lon, query.lat), query.accuracy)
    found = asking.alike(
        Case(
            id="",
            category=category.code,
            lonlat=position.lonlat,
            accuracy_m=position.accuracy_m,
            opened=timezone.now(),
            words=wording.words(query.text),
        )
    )
    return {"incidents": [{**one.facts(), "position": _place(one)} for one in found]}


def _place(one: asking.Alike) -> dict[str, float]:
    return {"lon": round(one.lonlat.lon, 6), "lat": round(one.lonlat.lat, 6)}


@router.get(
    "/incidents/{incident_id}",
    response=schemas.Card,
    openapi_extra=schemas.described(301, 404, 422, 503),
    summary="One incident",
)
def read_incident(
    request: HttpRequest, incident_id: Annotated[int, Path(ge=1, le=LARGEST_ID)]
) -> dict[str, Any]:
    """Return the card of one incident; words and photos only where they were approved.

    One that was merged into another answers 301 `incident.merged` with that one's `Location`. Do
    not keep it: merging can be undone.
    """
    return _card(selectors.card(actor(request), incident_id, languages.active()))


def _card(card: Card) -> dict[str, Any]:
    names = ("id", "category", "sector", "icon", "status", "ward", "district", "agency", "because",
             "needs_triage", "opened", "updated", "report_count")  # fmt: skip
    return {
        **{name: getattr(card, name) for name in names},
        "position": {"lon": card.lon, "lat": card.lat},
        "words": [_words(one) for one in card.words],
    }


def _words(words: Words) -> dict[str, Any]:
    photos = [f"/api/v1/photos/{one}.jpg" for one in words.photos]
    return {"at": words.at, "text": words.text, "photos": photos}
