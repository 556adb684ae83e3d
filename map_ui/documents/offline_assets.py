"""What a map file needs of Leaflet, written into the file; and the proof that it asks for no more.

The files come with the set-up (``document_files`` of front_end.toml), the heat layer with folium,
whose patched version knows weights. Each keeps its licence in front.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

HERE: Final = "map_ui.documents"
KNOWN: Final = {"leaflet", "leaflet_css", "leaflet-heat.js", "markerclusterjs", "markerclustercss"}
"""What folium asks for and the file holds."""
DROPPED: Final = {
    "jquery", "bootstrap", "awesome_markers", "bootstrap_css", "glyphicons_css",
    "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css",
    "markerclusterdefaultcss",
}  # fmt: skip
"""What folium asks for whatever is drawn, and our layers do not use."""
LOADING: Final = {"src", "srcset", "href", "xlink:href", "data", "poster", "action", "background"}
_PLACE: Final = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]?([^'";]+)""", re.IGNORECASE)


class NotSetUp(RuntimeError):
    """The set-up did not bring a file."""


class OutsideReference(RuntimeError):
    """A file that is to open without a network would ask for something."""


@cache
def scripts() -> tuple[str, ...]:
    """Return Leaflet, its heat layer and its clusters, in the order they need. Raises NotSetUp."""
    heat = _text(resources.files("folium") / "templates" / "leaflet_heat.min.js")
    return tuple(
        _script(code, licence)
        for code, licence in (
            (_ours("leaflet.js"), _ours("LICENSE-leaflet.txt")),
            (heat, _text(resources.files(HERE) / "licences" / "leaflet-heat.txt")),
            (_ours("leaflet.markercluster.js"), _ours("LICENSE-leaflet.markercluster.txt")),
        )
    )


@cache
def styles() -> str:
    """Return their style sheets, pictures inside. Raises NotSetUp."""
    leaflet = re.sub(r"url\(images/([\w.-]+)\)", _picture, _ours("leaflet.css"))
    # Says nothing to any browser of today, and looks like an address.
    leaflet = leaflet.replace("behavior: url(#default#VML);", "")
    return f"{leaflet}\n{_ours('MarkerCluster.css')}"


def check_known(names: Iterable[str]) -> None:
    """Raise OutsideReference for a file of folium's that is neither kept nor left out."""
    if unknown := set(names) - KNOWN - DROPPED:
        msg = f"folium asks for {', '.join(sorted(unknown))}, which no map file holds"
        raise OutsideReference(msg)


def fingerprint(script: str) -> str:
    """Return how a content policy names this very script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def check_closed(html: str) -> None:
    """Raise OutsideReference where a page would load anything that is not in it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.found:
        msg = f"the map file would ask for {reader.found[0][:200]}"
        raise OutsideReference(msg)


class _Reader(HTMLParser):
    """Collects what a page's tags and styles point at outside of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if name in LOADING:
                self._look(value or "")
            if name == "style":
                self._look_in_style(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._look_in_style(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._in_style = False

    def _look_in_style(self, style: str) -> None:
        for match in _PLACE.finditer(style):
            self._look(match[1] or match[2])

    def _look(self, place: str) -> None:
        if not place.strip().startswith(("data:", "#")):
            self.found.append(place)


def _script(code: str, licence: str) -> str:
    """Return code with its licence, in a form that no script tag ends early."""
    code = re.sub(r"^//# sourceMappingURL=.*$", "", code, flags=re.MULTILINE)
    licence = licence.replace("*/", "* /")
    whole = f"/*!\n{licence.strip()}\n*/\n{code.strip()}\n"
    return re.sub(r"</(?=script)", r"<\\/", whole, flags=re.IGNORECASE).replace("\r\n", "\n")


def _picture(match: re.Match[str]) -> str:
    file = resources.files(HERE) / "vendor" / match[1]
    return f"url(data:image/png;base64,{base64.b64encode(_bytes(file)).decode()})"


def _ours(name: str) -> str:
    return _text(resources.files(HERE) / "vendor" / name)


def _text(file: Traversable) -> str:
    return _bytes(file).decode()


def _bytes(file: Traversable) -> bytes:
    if not file.is_file():
        msg = f"{file.name} is missing: run scripts/setup"
        raise NotSetUp(msg)
    return file.read_bytes()
