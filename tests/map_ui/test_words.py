"""Every sentence exists in both languages; scripts, icons and names that pages use are there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.utils.translation import override

from map_ui import statuses, words
from map_ui.templatetags.wardwise import module_names

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "map_ui" / "static" / "map_ui" / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "map_ui" / "templates").rglob("*.html"))


def test_every_sentence_is_in_the_catalogue_and_translated():
    asked = [sys.executable, ROOT / "scripts" / "messages", "--check"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_check_of_sentences_can_fail(tmp_path):
    """A sentence that nobody translated is found."""
    copy = tmp_path / "checkout"
    for part in ("scripts/messages", "map_ui/locale/vi/LC_MESSAGES/django.po"):
        target = copy / part
        target.parent.mkdir(parents=True)
        target.write_bytes((ROOT / part).read_bytes())
    (copy / "map_ui" / "new.py").write_text('from x import _\n_("Never translated")\n')
    done = subprocess.run(
        [sys.executable, copy / "scripts" / "messages", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "not in the catalogue: 'Never translated'" in done.stdout.replace('"', "'")


def test_javascript_says_only_what_it_was_given_and_all_of_it():
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    calls = re.findall(r"\bsay\(([^;]*)", source)
    said = {name for call in calls for name in re.findall(r'"([a-z_]+)"', call)}
    given = set(words.words(*words.SETS))
    assert given - said == set()
    assert {name for name in said if "_" in name} - given == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_modules_import_what_is_there(path):
    source = path.read_text(encoding="utf-8")
    imported = re.findall(r'from "wardwise/([a-z_]+)"', source)
    assert set(imported) <= set(module_names())
    for names, module in re.findall(r'import \{ ([^}]+) \} from "wardwise/([a-z_]+)"', source):
        offered = (path.parent / f"{module}.js").read_text(encoding="utf-8")
        for name in names.split(", "):
            assert re.search(rf"export (async )?(function|const|class) {name}\b", offered), name


def test_every_icon_that_is_named_is_in_the_sprite():
    sprite = (ROOT / "map_ui" / "static" / "map_ui" / "vendor" / "icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z0-9_-]+)"', sprite))
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    for path in (ROOT / "districts" / "catalogue").rglob("*.toml"):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        named |= {row["icon"] for kind in ("sector", "category") for row in rows.get(kind, [])}
    assert named - drawn == set()
    tabler = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    own = {path.stem for path in (ROOT / "map_ui" / "icons").glob("*.svg")}
    assert [name for name in sorted(named - own) if not (tabler / f"{name}.svg").is_file()] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_two_statuses_are_called_alike(language):
    with override(language):
        names = [str(mark.name) for mark in statuses.MARKS.values()]
    assert len(set(names)) == len(names)
