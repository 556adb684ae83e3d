"""One catalogue for one page, which asks for its version in many places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from districts import rulebook

READING: Final = frozenset({"GET", "HEAD"})


class OneCatalogue:
    """Middleware: what only reads is answered from one version of the catalogue."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from one version."""
        if request.method not in READING:
            return self.get_response(request)
        with rulebook.one_version():
            return self.get_response(request)
