"""The site refuses to start on a foundation that would fail it later."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from gis_core import checks


def test_psycopg2_is_what_django_loaded():
    assert checks.psycopg2_is_loaded() == []


def test_psycopg_3_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "is_psycopg3", True)
    [error] = checks.psycopg2_is_loaded()
    assert error.id == "gis_core.E001"
    assert "pip uninstall psycopg" in error.hint


@pytest.mark.parametrize("command", ["work", "send_notices"])
def test_no_worker_begins_on_psycopg_3(monkeypatch, command):
    """They look at little else: all pages of the site, read for their checks, take 30 MB."""
    monkeypatch.setattr(checks, "is_psycopg3", True)
    with pytest.raises(SystemCheckError, match="E001"):
        call_command(command, skip_checks=False)


@pytest.mark.django_db
def test_the_extensions_are_there():
    assert checks.extensions_are_there(databases=["default"]) == []


@pytest.mark.django_db
def test_a_missing_extension_is_named_with_its_statement(monkeypatch):
    monkeypatch.setattr(checks, "EXTENSIONS", frozenset({"postgis", "pgrouting"}))
    [error] = checks.extensions_are_there(databases=["default"])
    assert error.hint.endswith("CREATE EXTENSION pgrouting;")


def test_no_database_is_asked_unless_told_to():
    assert checks.extensions_are_there(databases=None) == []
