"""A city is ready after one command, with whatever boundaries can be had, and stays ready."""

from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from districts import obtaining, preparing
from districts.approximate import approximate_wards
from districts.loading import publish_edition
from districts.models import Area, Category, Edition
from districts.preparing import Readiness
from districts.sources import MissingFile

pytestmark = pytest.mark.django_db

NOBODY_THERE = "http://127.0.0.1:9/{path}"


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path, monkeypatch):
    """Files of its own; a coarse grid, which is quick and leaves no ward out."""
    settings.VAR = tmp_path
    coarse = partial(approximate_wards, cell_m=150.0)
    monkeypatch.setattr(preparing, "approximate_wards", coarse)


@pytest.fixture
def silent_source(monkeypatch):
    """The manifest's address answers nobody; counts how often it is asked."""
    asked = []
    manifest = obtaining.manifest

    def silent():
        return {name: replace(one, url=NOBODY_THERE) for name, one in manifest().items() if one.url}

    fetch = preparing.fetch

    def counted(*args, **options):
        asked.append(args)
        return fetch(*args, **options)

    monkeypatch.setattr(obtaining, "manifest", silent)
    monkeypatch.setattr(preparing, "fetch", counted)
    return asked


@pytest.fixture
def published_zip(test_data):
    return str(test_data / "boundaries" / "hcmc_wards_2025_as_published.zip")


def in_use():
    return set(Edition.objects.filter(published=True).values_list("name", flat=True))


def test_where_nobody_answers_approximate_wards_stand_in_and_nobody_is_asked_again(silent_source):
    [first] = preparing.prepare()
    assert first.readiness == Readiness.APPROXIMATE_NOW
    assert "127.0.0.1:9 does not answer" in str(first.reason)
    assert in_use() == {"hcmc-2025-approximate"}
    assert Area.objects.filter(committee=None).count() == 0
    [second] = preparing.prepare()
    assert second.readiness == Readiness.APPROXIMATE_ALREADY
    assert len(silent_source) == 1
    [third] = preparing.prepare(again=True)
    assert third.readiness == Readiness.APPROXIMATE_ALREADY
    assert "does not answer" in str(third.reason)
    assert len(silent_source) == 2
    assert Edition.objects.count() == 1


def test_real_wards_replace_approximate_ones_and_then_all_is_done(silent_source, published_zip):
    preparing.prepare()
    [done] = preparing.prepare(published_zip)
    assert (done.readiness, done.areas) == (Readiness.EXACT_NOW, 168)
    assert in_use() == {"hcmc-2025"}
    assert set(Area.objects.filter(edition__published=True).values_list("kind", flat=True)) == {
        "Phường", "Xã", "Đặc khu",
    }  # fmt: skip
    asked = len(silent_source)
    [again] = preparing.prepare(again=True)
    assert again.readiness == Readiness.EXACT_ALREADY
    assert len(silent_source) == asked


def test_a_place_that_was_named_and_does_not_have_the_files_is_an_error(tmp_path):
    with pytest.raises(MissingFile, match="--from"):
        preparing.prepare(str(tmp_path))
    assert not Edition.objects.exists()


def test_the_command_says_what_replaces_approximate_wards(silent_source):
    out = StringIO()
    call_command("prepare_city", stdout=out)
    said = out.getvalue()
    assert "168 approximate areas stand in for hcmc-2025" in said
    assert "python manage.py fetch_boundaries hcmc-2025" in said
    assert Category.objects.count() >= 20
    out = StringIO()
    call_command("prepare_city", stdout=out)
    assert "Catalogue: no changes." in out.getvalue()
    assert "approximate boundaries stand in" in out.getvalue()


def test_fetching_by_command_loads_and_publishes_and_can_be_repeated(published_zip):
    out = StringIO()
    call_command("fetch_boundaries", "hcmc-2025", "--from", published_zip, stdout=out)
    assert "168 files, every sum right." in out.getvalue()
    assert "hcmc-2025 (ward) is published: 168 areas." in out.getvalue()
    out = StringIO()
    call_command("fetch_boundaries", "hcmc-2025", "--if-needed", stdout=out)
    assert out.getvalue() == "hcmc-2025 is published already.\n"
    out = StringIO()
    call_command("fetch_boundaries", "hcmc-2025", stdout=out)
    assert "loaded already" in out.getvalue()
    assert "published already" in out.getvalue()


def test_fetching_without_loading_only_brings_the_files(published_zip):
    arguments = ("hcmc-2025", "--from", published_zip, "--no-load")
    call_command("fetch_boundaries", *arguments, stdout=StringIO())
    assert not Edition.objects.exists()
    assert len(list(Path(django_settings.VAR).glob("boundaries/hcmc-2025/*.geojson"))) == 168
    call_command("fetch_boundaries", "hcmc-2025", "--no-publish", stdout=StringIO())
    assert not in_use()
    assert publish_edition("hcmc-2025").areas == 168


def test_an_edition_that_nobody_knows_ends_with_a_clear_error():
    with pytest.raises(CommandError, match=r"It has: .*hcmc-2025.*\[boundaries.unknown_source\]"):
        call_command("fetch_boundaries", "hcmc-1995", stdout=StringIO(), stderr=StringIO())
