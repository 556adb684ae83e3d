"""The record of events as a feed, for oversight's own systems."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from incidents.actors import Actor, actor_of
from incidents.api import schemas
from incidents.api.asker import actor
from incidents.errors import BadCursor, BadToken
from incidents.feed import Cursor
from incidents.oversight import reading

router = Router(tags=["oversight"])
SALT = "incidents.ledger"
LIVES_S = 366 * 24 * 3600


class FeedQuery(Schema):
    """Where to go on, and how far."""

    after: str = Field("", description="`cursor` of the last line that was read", max_length=60)
    limit: int = Field(500, ge=1, le=reading.MOST)


@router.get(
    "/ledger",
    openapi_extra=schemas.described(
        401, 403, 422, 503, also=schemas.sent_as("application/x-ndjson")
    ),
    summary="Every event, in the order of sealing, as lines of JSON",
)
def read_ledger(request: HttpRequest, query: Query[FeedQuery]) -> StreamingHttpResponse:
    """Return events after a cursor; an empty answer means that there is nothing new.

    Permission: a signed-in reader, or `Authorization: Bearer` with a token of /oversight.
    """
    after = Cursor.read(query.after) if query.after else Cursor(0, 0)
    if after is None:
        raise BadCursor
    lines = reading.feed(_reader(request), after, query.limit)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")


def token_for(user: User) -> str:
    """Return a token that reads the feed as ``user``, for a year or until the password changes."""
    return signing.dumps([user.pk, user.get_session_auth_hash()[:16]], salt=SALT)


def _reader(request: HttpRequest) -> Actor:
    given = request.headers.get("Authorization", "")
    if not given:
        return actor(request)
    try:
        pk, key = signing.loads(given.removeprefix("Bearer "), salt=SALT, max_age=LIVES_S)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadToken from None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or user.get_session_auth_hash()[:16] != key:
        raise BadToken
    return actor_of(user)
