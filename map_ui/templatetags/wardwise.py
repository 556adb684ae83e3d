"""What every template needs: signs, shares, photos and the import map of our ES modules."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from districts.geocoding.reverse import describe
from gis_core import languages
from gis_core.positions import LonLat
from incidents.answers import Card, Tracked
from map_ui.boundaries import Boundaries, in_force
from map_ui.signs import icon, place_of, status

register = template.Library()
for sign in (icon, status, place_of):
    register.simple_tag(sign)

MODULES = Path(__file__).resolve().parent.parent / "static" / "map_ui" / "js"
SAID_WITHIN_M = 60
"""A house is not named where the position may be at another."""
IMPORT = re.compile(r'from "wardwise/([a-z_]+)"')


@register.simple_tag(takes_context=True)
def import_map(context: dict[str, Any]) -> SafeString:
    """Return the import map: hashed addresses for modules that import each other by name."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, _imports())


@cache
def _imports() -> SafeString:
    """Return what names stand for; the same for every page of a release."""
    names = {f"wardwise/{name}": static(f"map_ui/js/{name}.js") for name in module_names()}
    names["maplibre-gl"] = static("map_ui/vendor/maplibre-gl.mjs")
    text = json.dumps({"imports": names}).replace("<", "\\u003c")
    return mark_safe(text)  # noqa: S308


@register.simple_tag
@cache
def page_module(name: str) -> SafeString:
    """Return the page's ES module and, told ahead of time, every module it imports.

    Without the list a slow line would learn of each level of imports only after the one above it.
    """
    address = "map_ui/js/{}.js".format
    ahead = format_html_join(
        "\n  ",
        '<link rel="modulepreload" href="{}">',
        ((static(address(one)),) for one in sorted(imports_of(name))),
    )
    return format_html(
        '{}\n  <script type="module" src="{}"></script>', ahead, static(address(name))
    )


@cache
def imports_of(name: str) -> frozenset[str]:
    """Return the modules that a module imports, and those that these import."""
    source = (MODULES / f"{name}.js").read_text(encoding="utf-8")
    direct = IMPORT.findall(source)
    return frozenset(direct).union(*(imports_of(one) for one in direct))


@register.simple_tag
def boundaries() -> Boundaries | None:
    """Return the ward edition in force."""
    return in_force()


@register.simple_tag
def in_words(thing: Card | Tracked) -> str:
    """Return where a card or report is as people say it; "" where that is not known so well."""
    if thing.lon is None or thing.lat is None or thing.accuracy_m > SAID_WITHIN_M:
        return ""
    return describe(LonLat(thing.lon, thing.lat)).label


@register.simple_tag
def photo_url(sha256: str, code: str = "") -> str:
    """Return the address of a photo; with the code of its report where that opens it."""
    address = f"/api/v1/photos/{sha256}.jpg"
    return f"{address}?code={code}" if code else address


@register.filter
def in_sentence(name: str) -> str:
    """Return an agency's name as it stands within a sentence in the reader's language."""
    return languages.in_sentence(languages.active(), name)


@register.simple_tag
def percent(share: float) -> str:
    """Return a share of one as whole percent, in the reader's digits."""
    return f"{number_format(round(share * 100), 0)}%"


@cache
def module_names() -> tuple[str, ...]:
    """Return the names of our ES modules."""
    return tuple(sorted(path.stem for path in MODULES.glob("*.js")))
