"""Every stable code is explained, in Vietnamese too, and no page explains a code that is gone."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.utils import translation

from gis_core.errors import all_errors

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "errors.md"
ROWS = dict(re.findall(r"^\| `([a-z_.]+)` \| (\d{3}) \|", PAGE.read_text("utf-8"), re.MULTILINE))
QUIET = ("migrations", "__main__", "management", ".wsgi")


def _all():
    for package in ("gis_core", "districts", "incidents", "map_ui"):
        path = import_module(package).__path__
        for found in pkgutil.walk_packages(path, f"{package}."):
            if not any(word in found.name for word in QUIET):
                import_module(found.name)
    return all_errors()


ERRORS = _all()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_code_is_on_the_page_with_its_status(error):
    assert ROWS.get(error.code) == str(error.status)


def test_the_page_explains_no_code_that_is_gone():
    assert set(ROWS) <= {error.code for error in ERRORS}


def test_a_code_means_one_thing():
    codes = [error.code for error in ERRORS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_sentence_is_also_vietnamese_with_the_same_facts(error):
    with translation.override("vi"):
        vietnamese = translation.gettext(error.message)
    assert vietnamese != error.message
    assert _facts(vietnamese) == _facts(error.message)


def _facts(sentence):
    return set(re.findall(r"%\((\w+)\)s", sentence))
