"""Settings from the environment are right or refused, with the cure."""

from __future__ import annotations

from datetime import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_core import env


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("YES", True), ("on", True), ("0", False), ("False", False), ("", False)],
)
def test_a_flag_is_yes_or_no(monkeypatch, value, meant):
    monkeypatch.setenv("WARDWISE_DEBUG", value)
    assert env.flag("WARDWISE_DEBUG", default=not meant) is meant


@pytest.mark.parametrize("value", ["maybe", "2", " 1"])
def test_any_other_flag_is_refused(monkeypatch, value):
    monkeypatch.setenv("WARDWISE_DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match="write 1 or 0"):
        env.flag("WARDWISE_DEBUG", default=False)


@pytest.mark.parametrize("value", ["-1", "1.5", "", "٣", "many"])
def test_any_other_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("SECONDS", value)
    with pytest.raises(ImproperlyConfigured, match="write for example 60"):
        env.number("SECONDS", 60)


def test_what_is_not_set_has_its_default(monkeypatch):
    monkeypatch.delenv("NOT_SET", raising=False)
    assert env.flag("NOT_SET", default=True)
    assert env.number("NOT_SET", 60) == 60
    assert env.words("NOT_SET", "a, b,") == ["a", "b"]
    assert env.folder("NOT_SET") is None


def test_a_folder_that_is_not_there_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("WARDWISE_TEST_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="not a folder"):
        env.folder("WARDWISE_TEST_DATA")


def test_a_database_address_is_taken_apart():
    found = env.database("postgis://lan:m%40t%2Fkh%E1%BA%A9u@db.example:5433/city?sslmode=require")
    assert found == {
        "NAME": "city",
        "USER": "lan",
        "PASSWORD": "m@t/khẩu",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgres://lan@%2FRun%2Fpg/city", "/Run/pg"),
        ("postgresql://lan@[::1]:5432/city", "::1"),
        ("postgres:///city", ""),
    ],
)
def test_hosts_of_every_kind(url, host):
    assert env.database(url)["HOST"] == host


@pytest.mark.parametrize(
    "url",
    [
        "mysql://lan:secret@db/city",
        "postgis://lan:secret@db",
        "postgis://lan:secret@db:port/city",
        "secret",
    ],
)
def test_a_wrong_address_is_refused_without_telling_the_password(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database(url)
    assert "secret" not in str(refusal.value)
    assert "postgis://user:password@host:port/name" in str(refusal.value)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("21:00-07:00", (time(21), time(7))), ("22:30-06:15", (time(22, 30), time(6, 15))),
        ("", None), (None, (time(1), time(2))),
    ],
)  # fmt: skip
def test_hours_are_a_stretch_of_the_day_or_none(monkeypatch, said, read):
    if said is not None:
        monkeypatch.setenv("QUIET", said)
    assert env.hours("QUIET", "01:00-02:00") == read


@pytest.mark.parametrize("said", ["21", "21:00", "25:00-07:00", "21:00-07:00-08:00", "always"])
def test_hours_that_are_none_stop_the_start(monkeypatch, said):
    monkeypatch.setenv("QUIET", said)
    with pytest.raises(ImproperlyConfigured, match="QUIET"):
        env.hours("QUIET", "21:00-07:00")
