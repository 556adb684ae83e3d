"""Send a report, and follow it by its code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Header, Path, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from gis_core import languages
from incidents import codes, intake, photos, pipeline, selectors, services
from incidents.answers import Tracked
from incidents.api import schemas
from incidents.api.asker import address
from incidents.api.uploads import contents
from incidents.duplicates import asking
from incidents.errors import BadCode, ReportNotFound
from incidents.intake.web import WebPayload

router = Router(tags=["reports"])
Answer = dict[str, Any]


class ReportForm(Schema):
    """The fields of a report."""

    lon: float | None = Field(
        None,
        examples=[106.7004],
        description="WGS 84 degrees. Without `lon` and `lat` the place is looked for in `address`, "
        "else in `text`; where it is not found surely, an operator looks, and `state` is `waiting`",
    )
    lat: float | None = Field(None, examples=[10.7769], description="WGS 84 degrees")
    category: str = Field(examples=["pothole"], description="A code from /catalogue")
    accuracy: float = Field(0, description="Radius in metres", examples=[12])
    method: Literal["pin", "gps", "typed", "exif", "geocoded"] = "pin"
    text: str = Field("", examples=["Ổ gà sâu giữa đường"])
    address: str = Field(
        "", examples=["trước 34 Lê Duẩn, phường Sài Gòn"], description="Where it is, in words"
    )
    name: str = ""
    phone: str = ""
    email: str = ""


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A random word of your own, up to 100 characters. Send the same key again "
        "when no answer came: however often, it makes one report.",
        examples=["6f1c2a3e-2f0b-4c55-9d58-0a4f5d6c7b8a"],
    ),
]

Acknowledged = Annotated[
    str | None,
    Header(
        alias="X-Acknowledge-Duplicate",
        description="`none`, or the numbers of the incidents of an earlier 409 "
        "`report.maybe_known`: the sender has seen them, and it is something else.",
        examples=["none", "4711,4712"],
    ),
]


@router.post(
    "/reports",
    response={201: schemas.Receipt, 200: schemas.Receipt},
    openapi_extra=schemas.described(409, 413, 422, 503),
    summary="Send a report",
)
def send_report(
    request: HttpRequest,
    form: Form[ReportForm],
    idempotency_key: IdempotencyKey = None,
    acknowledged: Acknowledged = None,
    photos: File[list[UploadedFile]] = [],  # noqa: B006  the framework copies it
) -> Status[Answer]:
    """Store a report and say who will answer: 201, or 200 for a repetition under the same key.

    At most 5 photos (JPEG, PNG, WebP), 10 MB each, 25 MB together. They are encoded again without
    any metadata and stay private, like the words, until an operator has approved them. Where
    something alike is on the public map, 409 with `candidates`, and nothing is stored.
    """
    seen = asking.read_acknowledged(acknowledged)
    payload = WebPayload(
        **form.dict(),
        reported_at=timezone.now(),
        language=languages.active(),
        key=idempotency_key,
        photos=contents(photos),
    )
    statement = intake.channel("web").statement(payload)
    if not services.is_stored(statement):
        asking.check_unknown(statement, seen)
    receipt = pipeline.receive(statement)
    tracked = selectors.tracked_report(receipt.report_id, languages.active())
    return Status(201 if receipt.new else 200, _receipt(tracked))


def _receipt(tracked: Tracked) -> Answer:
    newest = tracked.timeline[-1].text if tracked.timeline else ""
    return {**_shared(tracked), "track_url": f"/t/{tracked.code}", "message": newest}


@router.get(
    "/reports/{code}",
    response=schemas.Track,
    openapi_extra=schemas.described(404, 429, 503),
    summary="Follow a report by its code",
)
def follow_report(
    request: HttpRequest,
    code: Annotated[str, Path(description="The receipt's 8 signs", examples=["K7M2-P9XT"])],
) -> Answer:
    """Say where the report stands and what happened. Contact details are never in it."""
    bucket = codes.bucket_of(address(request), settings.SECRET_KEY.encode())
    selectors.check_guesses(bucket)
    try:
        tracked = selectors.track(codes.read_code(code), languages.active())
    except (BadCode, ReportNotFound):
        services.count_miss(bucket)
        raise
    return _track(tracked)


def _track(tracked: Tracked) -> Answer:
    has_place = tracked.lon is not None and tracked.lat is not None
    code = tracked.code
    return {
        **_shared(tracked),
        "status": tracked.status,
        "category": tracked.category,
        "icon": tracked.icon,
        "position": {"lon": tracked.lon, "lat": tracked.lat} if has_place else None,
        "reported": tracked.reported,
        "timeline": tracked.timeline,
        "words": tracked.words.text,
        "photos": [f"/api/v1/photos/{one}.jpg?code={code}" for one in tracked.words.photos],
        "words_public": tracked.words_public,
    }


def _shared(tracked: Tracked) -> Answer:
    """Return what receipt and timeline have in common."""
    names = ("code", "incident", "ward", "district", "agency", "because", "needs_triage", "state")
    return {name: getattr(tracked, name) for name in names}


@router.post(
    "/photo-hint",
    response=schemas.Hint,
    exclude_none=True,
    openapi_extra=schemas.described(413, 422),
    summary="Where a photo was taken",
)
def photo_hint(request: HttpRequest, photo: File[UploadedFile]) -> schemas.Hint:
    """Return the position in the photo's metadata, or nothing; nothing is stored."""
    [content] = contents([photo])
    found = photos.gps_hint(content)
    return schemas.Hint(lon=found.lon, lat=found.lat) if found else schemas.Hint()
