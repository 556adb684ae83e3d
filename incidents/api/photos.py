"""Photos, to those who may see them."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated

from django.conf import settings
from django.http import FileResponse, HttpRequest
from ninja import Path, Query, Router

from incidents import codes, photos
from incidents.api import schemas
from incidents.api.asker import actor
from incidents.errors import BadCode, PhotoNotFound
from incidents.shown_photos import may_see_photo

router = Router(tags=["photos"])


@router.get(
    "/photos/{sha256}.jpg",
    openapi_extra=schemas.described(404, 422, 503, also=schemas.sent_as("image/jpeg")),
    summary="A photo",
)
def read_photo(
    request: HttpRequest,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    code: Annotated[str | None, Query(description="The code of the report it belongs to")] = None,
) -> FileResponse:
    """Return a photo that was approved; before that to operators and to the holder of the code."""
    public = may_see_photo(actor(request), sha256, _read(code))
    path = photos.path_of(FilePath(settings.MEDIA_ROOT), sha256)
    if not path.exists():
        raise PhotoNotFound
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    # An approval can be withdrawn: an hour is what a shared cache may be late.
    response["Cache-Control"] = "public, max-age=3600" if public else "private, no-store"
    return response


def _read(code: str | None) -> str | None:
    try:
        return codes.read_code(code) if code else None
    except BadCode:
        return None
