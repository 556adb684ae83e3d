"""Answers that a browser may keep for some seconds, and ask for again by their tag."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

MAX_AGE_S: Final = 5


def json_answer(request: HttpRequest, told: Mapping[str, object]) -> HttpResponseBase:
    """Answer with JSON, or 304 where the asker has just that.

    What somebody who is signed in gets is for nobody else: no cache keeps it.
    """
    response = JsonResponse(dict(told))
    etag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    answer = get_conditional_response(request, etag=etag, response=response) or response
    mine = request.user.is_authenticated
    kept = "private, no-store" if mine else f"public, max-age={MAX_AGE_S}"
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = kept
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer
