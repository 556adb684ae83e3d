"""What every request passes: the reader's language, a limit for bodies, one shape for errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gis_core.errors import DomainError
from gis_core.http import (
    LARGEST_BODY,
    MACHINE_PATHS,
    MethodNotAllowed,
    answer,
    as_domain_error,
    problem,
    too_large,
)

LARGEST_MISTAKE: Final = 200_000_000
PIECE: Final = 65_536

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


class Compressed(GZipMiddleware):
    """Middleware: answers are compressed, but not files whose length was told.

    It would be lost, and with it the sign by which readers know that all of a file has come.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress an answer, or leave it."""
        if response.streaming and response.has_header("Content-Length"):
            return response
        return super().process_response(request, response)


class Problems:
    """Middleware: a DomainError or a lost database in any view is answered in our shape."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what is too large unkept; give what the framework says without words our shape."""
        size = _declared_size(request)
        if size > LARGEST_BODY:
            _let_pass(request, size)
            return answer(request, too_large(size))
        response = self.get_response(request)
        if response.status_code == 405 and request.path.startswith(MACHINE_PATHS):
            allowed = response.get("Allow", "")
            response = problem(MethodNotAllowed(method=request.method))
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer what we know; anything else goes on to Django, which logs it."""
        if not isinstance(fault, DomainError | OperationalError | InterfaceError):
            return None
        error = as_domain_error(fault)
        if error.status >= 500:
            log.error("%s at %s", error.code, request.path, exc_info=fault)
        return answer(request, error)


def _let_pass(request: HttpRequest, size: int) -> None:
    """Read a body that will be refused, a piece at a time, and keep nothing of it.

    A browser that is cut off while it sends shows a broken connection and not our sentence. What
    is larger than any mistake is cut off all the same.
    """
    if size <= LARGEST_MISTAKE:
        while request.read(PIECE):
            pass


def _declared_size(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0


class ReadersLanguage:
    """Middleware: ``?lang=``, then the cookie, then what the browser asks for, then the default.

    A language chosen by ``?lang=`` on a page is kept in the cookie.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language while the request is answered."""
        asked = request.GET.get("lang", "")
        chosen = asked if asked in dict(settings.LANGUAGES) else None
        language = chosen or translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if chosen and response.get("Content-Type", "").startswith("text/html"):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax"
            )
        return response
