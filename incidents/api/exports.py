"""Incidents as files, in every format, as they are written."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from incidents.api import schemas
from incidents.api.asker import actor, address
from incidents.exports.delivering import deliver, is_office
from incidents.exports.formats import FORMATS
from incidents.exports.rows import Wish
from incidents.filters import read_filters
from incidents.services.tries import Trying, count_try

router = Router(tags=["exports"])

KEPT_S = 60
"""How long a copy of what everybody sees may be kept."""


class ExportQuery(Schema):
    """What to take out. Lists may be repeated or comma-separated; days are both included."""

    bbox: str = Field("", description="west,south,east,north in degrees")
    sector: list[str] = Field([], examples=[["traffic"]])
    category: list[str] = Field([], examples=[["pothole"]])
    status: list[str] = Field([], examples=[["closed"]])
    agency: list[str] = Field([], description="Codes; those below an agency are meant too")
    ward: list[str] = Field([], description="Codes of wards of today, whatever was theirs before")
    since: date | None = None
    until: date | None = None
    sensitive: str = Field(
        "", pattern="^(exact)?$",
        description="exact: sensitive incidents each by itself, for offices that see them",
    )  # fmt: skip

    def wish(self, request: HttpRequest) -> Wish:
        """Return it, checked, for whoever asks. Raises BadBox, BadFilter, PermissionDenied."""
        filters = read_filters(
            bbox=self.bbox,
            sector=self.sector,
            category=self.category,
            status=self.status,
            agency=self.agency,
            ward=self.ward,
            days=(self.since, self.until),
        )
        return Wish(actor(request), filters, exact=self.sensitive == "exact")


@router.get(
    "/export/incidents.{extension}",
    openapi_extra=schemas.described(
        403, 404, 422, 429, 503,
        also={200: {
            "description": "The file",
            "content": {one.media_type: {"schema": {}} for one in FORMATS.values()},
        }},
    ),
    summary="Incidents as a file",
)  # fmt: skip
def export_incidents(
    request: HttpRequest,
    extension: Annotated[str, Path(examples=list(FORMATS))],
    query: Query[ExportQuery],
) -> StreamingHttpResponse:
    """Return what the asker may take out: csv, xlsx, gpkg, geojson, geojsonl, parquet, shp.zip.

    The same rows in each, in WGS 84. Sensitive categories are counts in coarse cells.
    """
    return download(request, query.wish(request), extension)


def download(request: HttpRequest, wish: Wish, extension: str) -> StreamingHttpResponse:
    """Return an export as an answer. Raises NoSuchFormat, TooManyRows, TooManyTries, ExportsBusy.

    What may hold more than everybody sees is kept by nobody on the way.
    """
    private = is_office(wish.actor)
    if not private:
        count_try(Trying.EXPORT, address(request))
    sent = deliver(wish, extension)
    answer = StreamingHttpResponse(sent.pieces, content_type=sent.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{sent.name}"'
    if sent.length is not None:
        answer["Content-Length"] = str(sent.length)
    answer["Cache-Control"] = "private, no-store" if private else f"public, max-age={KEPT_S}"
    return answer
