"""What every error shares, whoever raised it: one shape, in the reader's language.

Errors are ``application/problem+json`` (RFC 9457) under /api/, /ogc/ and /tiles/, a page
elsewhere.
"""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.template.loader import select_template
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from gis_core.errors import N_, DomainError, Elsewhere

log = logging.getLogger(__name__)

MACHINE_PATHS: Final = ("/api/", "/ogc/", "/tiles/")
OPEN_PATHS: Final = ("/ogc/", "/tiles/")
"""Pages of other sites may read what everybody gets here, and what was wrong with a question."""
LARGEST_BODY: Final = 25_000_000
"""Bytes of one request, photos and all."""

RETRY_AFTER_S: Final = 5
DATABASE_GONE: Final = (OperationalError, InterfaceError)
UNREADABLE: Final = (
    SuspiciousOperation,
    MultiPartParserError,
    UnreadablePostError,
    RawPostDataException,
)


class NoSuchPage(DomainError):
    """Nothing stands at this address."""

    code = "request.not_found"
    status = 404
    message = N_("There is nothing at this address. Check it, or begin at the map.")


class BadRequest(DomainError):
    """The request could not be read at all."""

    code = "request.unreadable"
    status = 400
    message = N_("This request could not be read. Reload the page and send it again.")


class InvalidFields(DomainError):
    """Fields are missing or hold what they cannot; ``problems`` says each."""

    code = "request.invalid"
    status = 422
    message = N_("These fields are missing or wrong: %(fields)s. Correct them and send again.")


class MethodNotAllowed(DomainError):
    """The address stands, but not for this verb."""

    code = "request.method"
    status = 405
    message = N_("%(method)s is not possible at this address.")


class BodyTooLarge(DomainError):
    """The body has more bytes than are read; nothing of it was kept."""

    code = "request.too_large"
    status = 413
    message = N_(
        "This is %(megabytes)s MB; at most %(largest)s MB are accepted in one go. "
        "Send fewer or smaller photos."
    )


class Forbidden(DomainError):
    """The form's protection against foreign sites did not match, or the door is closed."""

    code = "request.forbidden"
    status = 403
    message = N_("This was not allowed. Reload the page, sign in if asked, and try again.")


class ServiceUnavailable(DomainError):
    """The database does not answer."""

    code = "service.unavailable"
    status = 503
    message = N_(
        "The service is interrupted for a moment. Nothing you sent is counted twice: "
        "send it again in %(seconds)s seconds with the same Idempotency-Key."
    )


class ServerError(DomainError):
    """A fault of ours; the log has it."""

    code = "server.error"
    status = 500
    message = N_("Something broke on our side, and it was recorded. Try again in a while.")


def problem(error: DomainError, status: int = 0) -> HttpResponse:
    """Return the error as JSON, its sentence in the language that is active."""
    status = status or error.status
    facts = {name: _plain(value) for name, value in error.facts.items()}
    body = {
        "type": f"/docs/errors#{error.code}",
        "title": sentence(error),
        "status": status,
        "code": error.code,
        "facts": facts,
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return _marked(error, HttpResponse(content, "application/problem+json", status))


def sentence(error: DomainError) -> str:
    """Return the error's sentence, facts filled in, in the language that is active."""
    return gettext(error.message) % error.facts


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the error as the asker can read it: JSON for programs, a page for people.

    The page is the first template there is of ``<status>.html``, ``problem.html`` and the bare
    one here, with ``problem`` (code, status, title) in its context. From 500 on it is the bare
    one: what names the user on the others would ask the database that has just failed.
    """
    if led_on := _led_on(request, error):
        return led_on
    if request.path.startswith(MACHINE_PATHS):
        return _open(request, problem(error))
    shown = {"code": error.code, "status": error.status, "title": sentence(error)}
    names = [f"{error.status}.html", "problem.html"] if error.status < 500 else []
    template = select_template([*names, "problem_bare.html"])
    page = template.render({"problem": shown}, request if error.status < 500 else None)
    return _marked(error, HttpResponse(page, status=error.status))


def _led_on(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """Return a redirect to the same address with the other number; None where there is none.

    Programs get the problem with it, under status 301. Nobody keeps it: what is elsewhere may come
    back.
    """
    if not isinstance(error, Elsewhere) or request.method not in {"GET", "HEAD"}:
        return None
    before, now = str(error.facts["id"]), str(error.facts["into"])
    parts = request.path.split("/")
    if before not in parts:
        return None
    path = "/".join(now if part == before else part for part in parts)
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=302)
    if request.path.startswith(MACHINE_PATHS):
        response = problem(error, 301)
    response["Location"] = f"{path}?{query}" if query else path
    return _marked(error, response)


def _open(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.path.startswith(OPEN_PATHS):
        response["Access-Control-Allow-Origin"] = "*"
    return response


def _marked(error: DomainError, response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    if error.status in {429, 503}:
        response["Retry-After"] = str(error.facts.get("seconds", RETRY_AFTER_S))
    return response


def _plain(value: object) -> object:
    """Return a fact as JSON can carry it: not a number is no number there."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str | int | float | bool | list | dict | None):
        return value
    return str(value)


def as_domain_error(fault: BaseException | None) -> DomainError:
    """Return what a person should hear of any exception; the unexpected is a ServerError."""
    if isinstance(fault, DomainError):
        return fault
    return next((tell(fault) for kind, tell in _TOLD if isinstance(fault, kind)), ServerError())


def _unavailable(_fault: Exception) -> ServiceUnavailable:
    return ServiceUnavailable(seconds=RETRY_AFTER_S)


def _by_status(fault: HttpError) -> DomainError:
    known: Mapping[int, type[DomainError]] = {403: Forbidden, 404: NoSuchPage, 500: ServerError}
    return known.get(fault.status_code, BadRequest)()


def _invalid(fault: ValidationError) -> InvalidFields:
    """Return the fields that pydantic refused: where each is and what it expects."""
    problems = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "expected": one["msg"]}
        for one in fault.errors
    ]
    fields = ", ".join(dict.fromkeys(one["field"].rsplit(".", 1)[-1] for one in problems))
    return InvalidFields(fields=fields, problems=problems)


def too_large(size: int) -> BodyTooLarge:
    """Return the error for a body of ``size`` bytes."""
    return BodyTooLarge(megabytes=round(size / 1e6, 1), largest=LARGEST_BODY // 1_000_000)


_TOLD: Final[Sequence[tuple[Any, Callable[[Any], DomainError]]]] = (
    (Http404, lambda _: NoSuchPage()),
    (DATABASE_GONE, _unavailable),
    (ValidationError, _invalid),
    (RequestDataTooBig, lambda _: too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)),
    (HttpError, _by_status),
    (UNREADABLE, lambda _: BadRequest()),
)


def speak_problems(api: NinjaAPI) -> NinjaAPI:
    """Make every error of ``api`` a problem, the framework's own as well as ours."""

    def handle(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
        raised = fault if isinstance(fault, Exception) else fault()
        error = as_domain_error(raised)
        if error.status >= 500:
            log.error("%s", error.code, exc_info=raised)
        return _led_on(request, error) or problem(error)

    for kind in (DomainError, ValidationError, HttpError, Http404, *DATABASE_GONE, Exception):
        api.add_exception_handler(kind, handle)
    return api


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return answer(request, as_domain_error(exception or Http404()))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return answer(request, as_domain_error(exception or SuspiciousOperation()))


def forbidden(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001  Django names it
) -> HttpResponse:
    """handler403."""
    return answer(request, Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; Django calls it while it handles the fault, which tells a lost database."""
    return answer(request, as_domain_error(sys.exc_info()[1]))


def errors_page(_request: HttpRequest) -> HttpResponse:
    """Return the page that every problem's ``type`` leads to."""
    page = settings.BASE_DIR / "docs" / "errors.md"
    return HttpResponse(page.read_text("utf-8"), "text/markdown; charset=utf-8")
