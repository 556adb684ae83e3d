"""The documents name only what is there, and every command they show can be asked for help."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MADE_LATER = ("var/", ".venv", "…", "<", "*", "$", "NNNN")
TOP = (
    "gis_core/",
    "districts/",
    "incidents/",
    "map_ui/",
    "data/",
    "scripts/",
    "tests/",
    "docs/",
    ".ci/",
)


def quoted(page: Path) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_named_is_there(page) -> None:
    paths = {
        word.split()[0].rstrip("/")
        for word in quoted(page)
        if word.startswith(TOP) and not any(mark in word for mark in MADE_LATER)
    }
    missing = [path for path in sorted(paths) if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_leads_somewhere(page) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_management_command_named_is_there(page) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text(encoding="utf-8")))
    assert named <= set(get_commands())


@pytest.mark.parametrize("script", ["run", "setup", "bench"])
def test_every_script_the_readme_names_tells_its_use(script) -> None:
    arguments = ["--help"] if script != "bench" else []
    told = subprocess.run(
        [ROOT / "scripts" / script, *arguments],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": "/nonexistent"},
    )  # fmt: skip
    assert told.returncode == 0
    assert told.stdout.strip()
