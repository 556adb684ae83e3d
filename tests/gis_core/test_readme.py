"""The README tells of every variable that the project reads."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = ["gis_core/settings.py", "gis_core/local_postgis", "scripts/setup", "tests/browser.py"]
NAME = re.compile(r"\b(?:WARDWISE_[A-Z_]+|DATABASE_URL|G(?:DAL|EOS)_LIBRARY_PATH)\b")


def test_every_variable_is_explained():
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Environment")[2]
    assert _read() <= set(NAME.findall(table))


def _read():
    paths = [path for reader in READERS for path in _files(ROOT / reader)]
    return {name for path in paths for name in NAME.findall(path.read_text(encoding="utf-8"))}


def _files(path):
    return sorted(path.glob("*.py")) if path.is_dir() else [path]
