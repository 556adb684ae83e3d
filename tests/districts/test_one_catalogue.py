"""A page speaks of one version of the catalogue, and the next page of the newest."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from districts import rulebook
from districts.models import CatalogueChange
from districts.one_catalogue import OneCatalogue

pytestmark = pytest.mark.django_db


def change():
    CatalogueChange.objects.create(kind="agency", code="x", before=None, after={})


def versions_read(method):
    """Answer a request in whose midst the catalogue changes; return the version before, after."""
    request = HttpRequest()
    request.method = method

    def view(_request):
        before = rulebook.newest_version()
        change()
        return before, rulebook.newest_version()

    return OneCatalogue(view)(request)


def test_what_reads_meets_one_version_and_the_next_one_the_newest():
    change()
    before, after = versions_read("GET")
    assert before == after
    assert rulebook.newest_version() > before


def test_what_writes_sees_what_it_changed():
    change()
    before, after = versions_read("POST")
    assert after > before


def test_a_page_asks_for_the_version_once(client):
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    versions = [one["sql"] for one in asked.captured_queries if "newest_version" in one["sql"]]
    assert len(versions) == 1
