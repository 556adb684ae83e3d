"""The signing key is made once and read by its owner alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_core.secret_key import kept_in


def test_it_stays_the_same_and_private(tmp_path):
    path = tmp_path / "var" / "secret.key"
    assert len(kept_in(path)) >= 50
    assert kept_in(path) == kept_in(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_hold_it_is_an_error_with_its_cure(tmp_path):
    (tmp_path / "var").touch()
    with pytest.raises(ImproperlyConfigured, match="WARDWISE_SECRET_KEY"):
        kept_in(tmp_path / "var" / "secret.key")
