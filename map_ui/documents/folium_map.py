"""A map as one file that opens without a network: folium's layers, all that they need inside.

See ADR 22 for why the file is put together here and not by folium's own ``save``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any, Final

import numpy as np
import shapely
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override

from districts import city
from map_ui.documents import offline_assets
from map_ui.documents.grading import WARM
from map_ui.documents.map_document import (
    Heat,
    MapDocument,
    Marks,
    Shaded,
    Step,
    check_size,
)

NEAREST_ZOOM: Final = 19
DEGREE: Final = 1e-5
"""To which outlines are written: about a metre."""
OWN_SCRIPT: Final = "map_ui/documents/map_file.js"
LABELLED: Final = "(feature, layer) => window.labelled(layer, feature.properties.label)"
NAMED: Final = "(feature, layer) => window.named(layer, feature.properties)"
MARKED: Final = """(row) => window.labelled(
  L.circleMarker([row[0], row[1]], {renderer: window.dots, radius: 7, weight: 1.5, color: "#fff",
    fillColor: "#00665c", fillOpacity: 0.9}), row[2])"""
CLUSTERED: Final = """(group) => {
  const many = group.getChildCount(), size = many < 10 ? 28 : many < 100 ? 34 : 42;
  return L.divIcon({html: String(many), className: "group", iconSize: [size, size]}); }"""


def folium_html(document: MapDocument) -> str:
    """Return the file's text; it shows all layers, those not ``shown`` to be switched on.

    No text of the document is ever read as markup, and a content policy inside the file lets
    nothing run but the file's own scripts. Raises MapTooLarge; NotSetUp, OutsideReference when the
    installation is broken.
    """
    check_size(document)
    with override(document.language):
        drawn, names = _drawn(document)
        words = _in_script({"zoom_in": gettext("Zoom in"), "zoom_out": gettext("Zoom out")})
        own = render_to_string(OWN_SCRIPT).strip()
        scripts = [*offline_assets.scripts(), own, drawn["script"]]
        scripts.append(f"window.finish({names['map']}, {names['layers']}, {words});")
        html = render_to_string(
            "map_ui/documents/map_file.html",
            {
                "document": document,
                "shaded": [one for one in document.layers if isinstance(one, Shaded)],
                "heat": [one for one in document.layers if isinstance(one, Heat)],
                "ramp": ", ".join(WARM),
                "map": _safe(drawn["html"]),
                "styles": _safe(offline_assets.styles()),
                "scripts": [_safe(script) for script in scripts],
                "policy": " ".join(map(offline_assets.fingerprint, scripts)),
            },
        )
    offline_assets.check_closed(html)
    return html


def _drawn(document: MapDocument) -> tuple[dict[str, str], dict[str, str]]:
    """Return folium's ``html`` and ``script``, and the names its map and layers have in there."""
    folium = _folium()
    west, south, east, north = document.view() or city.current().extent
    drawn = folium.Map(
        tiles=None, location=[(south + north) / 2, (west + east) / 2], zoom_start=11,
        prefer_canvas=True, zoom_control=False, attribution_control=False,
        zoom_snap=0.5,
    )  # fmt: skip
    # Without tiles folium forgets it, and clusters cannot do without.
    drawn.options["max_zoom"] = NEAREST_ZOOM
    _add_ground(document, drawn)
    for layer in document.layers:
        _add(layer, drawn)
    layers = folium.LayerControl(collapsed=False)
    layers.add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]], padding=(12, 12), max_zoom=16)
    root = drawn.get_root()
    root.render()
    links = (folium.branca.element.JavascriptLink, folium.branca.element.CssLink)
    children = root.header._children.items()  # noqa: SLF001  folium keeps them nowhere else
    offline_assets.check_known(name for name, child in children if isinstance(child, links))
    parts = {"html": root.html.render().strip(), "script": root.script.render().strip()}
    return parts, {"map": drawn.get_name(), "layers": layers.get_name()}


def _add_ground(document: MapDocument, drawn: Any) -> None:  # noqa: ANN401  folium has no types
    """Add streets and outlines: without tiles from a network they tell where one is."""
    folium = _folium()
    if document.places:
        outlines = folium.FeatureGroup(escape(gettext("Wards")))
        style = {"color": "#7b8883", "weight": 1, "fillColor": "#fbfcfb", "fillOpacity": 1}
        named = [
            (one.outline, {"label": one.name, "at": [round(part, 5) for part in one.label_at]})
            for one in document.places
        ]
        _features(named, style, NAMED).add_to(outlines)
        outlines.add_to(drawn)
    if not (document.streets.is_empty and document.small_streets.is_empty):
        lines = folium.FeatureGroup(escape(gettext("Streets")))
        for shape, colour, weight in (
            (document.small_streets, "#c9d0cc", 0.7),
            (document.streets, "#9aa5a0", 1.4),
        ):
            style = {"color": colour, "weight": weight}
            _features([(shape, {"label": ""})], style, LABELLED).add_to(lines)
        lines.add_to(drawn)


def _add(layer: Heat | Marks | Shaded, drawn: Any) -> None:  # noqa: ANN401
    folium = _folium()
    # Leaflet writes a layer's name as markup.
    named = {"name": escape(layer.name), "show": layer.shown}
    if isinstance(layer, Heat):
        rows = np.round(layer.points[:, [1, 0, 2]], 6).tolist()
        ramp = dict(zip(("0.2", "0.4", "0.6", "0.8", "1"), WARM, strict=True))
        folium.plugins.HeatMap(
            rows, radius=16, blur=14, min_opacity=0.25, gradient=ramp, **named
        ).add_to(drawn)
    elif isinstance(layer, Marks):
        rows = [[round(one.lat, 6), round(one.lon, 6), one.label] for one in layer.marks]
        # By itself it would be shown whatever it was told.
        group = folium.FeatureGroup(**named)
        folium.plugins.FastMarkerCluster(
            rows, callback=MARKED, icon_create_function=CLUSTERED, control=False
        ).add_to(group)
        group.add_to(drawn)
    else:
        group = folium.FeatureGroup(**named)
        _add_shapes(layer, group)
        group.add_to(drawn)


def _add_shapes(layer: Shaded, group: Any) -> None:  # noqa: ANN401
    for at, step in enumerate(layer.steps):
        of_step = [(one.geometry, {"label": one.label}) for one in layer.shapes if one.step == at]
        if of_step:
            lines = of_step[0][0].geom_type.endswith("LineString")
            _features(of_step, _style(step, lines=lines), LABELLED).add_to(group)


def _style(step: Step, *, lines: bool) -> dict[str, object]:
    style = {"color": step.colour, "fillColor": step.colour, "fillOpacity": 0.72}
    if step.hatched:
        # Leaflet knows no hatching: a grey area with a dashed edge.
        return {**style, "fillOpacity": 0.35, "weight": 1.2, "dashArray": "4 3"}
    edge = {"weight": 0.8, "color": "#4f5b56", "opacity": 0.55}
    return {**style, **({"weight": 5} if lines else edge)}


def _features(
    shapes: Iterable[tuple[Any, Mapping[str, object]]], style: dict[str, object], each: str
) -> Any:  # noqa: ANN401
    """Return shapes of one style; the script ``each`` puts in their names, as text."""
    folium = _folium()
    features = [
        {"type": "Feature", "properties": told, "geometry": _geometry(shape)}
        for shape, told in shapes
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda _feature: style,
        on_each_feature=folium.JsCode(each),
        smooth_factor=0.8,
    )


def _geometry(shape: Any) -> dict[str, object]:  # noqa: ANN401
    snapped = shapely.set_precision(shape, DEGREE, mode="pointwise")
    written: dict[str, object] = json.loads(shapely.to_geojson(snapped))
    return written


def _in_script(value: object) -> str:
    """Return JSON that no script tag can be ended by."""
    return json.dumps(value).replace("<", "\\u003c")


def _safe(text: str) -> str:
    return mark_safe(text)  # noqa: S308  scripts and styles of ours, and JSON


@cache
def _folium() -> Any:  # noqa: ANN401
    """Return folium, which takes a second to load and few processes need."""
    import folium  # noqa: PLC0415  heavy
    import folium.plugins  # noqa: PLC0415

    return folium
