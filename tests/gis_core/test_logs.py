"""What opens something for whoever has it stands in no log."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings

from gis_core.logs import HideKeys, hide_keys


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Not Found: /c/12-AbC_d-9", "Not Found: /c/…"),
        ("Gone: /c/12-AbC/photos/ab.jpg", "Gone: /c/…/photos/ab.jpg"),
        ('"GET /a/7-xyz?lang=vi HTTP/1.1" 200', '"GET /a/…?lang=vi HTTP/1.1" 200'),
        ("Not Found: /t/K7M2-P9XT", "Not Found: /t/…"),
        ("Gone: /api/v1/reports/K7M2P9XT?lang=vi", "Gone: /api/v1/reports/…?lang=vi"),
        ("GET /t?lang=vi&code=K7M2-P9XT HTTP", "GET /t?lang=vi&code=… HTTP"),
        ("GET /push?token=12-AbC&x=1", "GET /push?token=…&x=1"),
        ("POST /api/v1/reports", "POST /api/v1/reports"),
        ("Not Found: /case/12/accept", "Not Found: /case/12/accept"),
    ],
)
def test_keys_are_cut_from_lines(written, kept):
    assert hide_keys(written) == kept


def test_the_console_keeps_none(caplog):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["keys"]
    record = logging.LogRecord("x", logging.WARNING, "", 1, "%s: %s", ("Gone", "/c/1-secret"), None)
    assert HideKeys().filter(record)
    assert record.getMessage() == "Gone: /c/…"
