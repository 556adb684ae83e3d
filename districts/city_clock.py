"""The clock that people read: the city's, wherever the server stands."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from districts import city


class CityClock:
    """Middleware: days begin and times are shown in the city's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer on the city's clock."""
        with timezone.override(ZoneInfo(city.current().time_zone)):
            return self.get_response(request)
