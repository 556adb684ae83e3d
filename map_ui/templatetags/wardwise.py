"""What every template needs: the icon sprite and the import map of our ES modules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

MODULES = Path(__file__).resolve().parent.parent / "static" / "map_ui" / "js"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return the icon ``name`` of the sprite; silent to screen readers unless it has a label."""
    sprite = static("map_ui/vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label, sprite, name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag(takes_context=True)
def import_map(context: dict[str, Any]) -> SafeString:
    """Return the import map: hashed addresses for modules that import each other by name."""
    names = {f"wardwise/{name}": static(f"map_ui/js/{name}.js") for name in module_names()}
    names["maplibre-gl"] = static("map_ui/vendor/maplibre-gl.mjs")
    text = json.dumps({"imports": names}).replace("<", "\\u003c")
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(text)  # noqa: S308
    )


@cache
def module_names() -> tuple[str, ...]:
    """Return the names of our ES modules."""
    return tuple(sorted(path.stem for path in MODULES.glob("*.js")))
