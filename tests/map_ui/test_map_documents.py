"""Maps to keep: the file opens without a network and runs nobody's words; sheets measure right."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pyproj import Geod

from districts import city
from gis_core.planes import to_degrees
from map_ui.documents import map_document, map_sheet, offline_assets
from map_ui.documents.folium_map import folium_html
from map_ui.documents.grading import graded
from map_ui.documents.map_document import (
    Heat,
    MapDocument,
    MapTooLarge,
    Mark,
    Marks,
    Place,
    Shaded,
    Shape,
    Step,
    main_part,
)
from map_ui.documents.map_sheet import NoSuchResolution, sheet_pdf, sheet_png
from map_ui.documents.offline_assets import OutsideReference
from map_ui.documents.paper import Paper, map_frame
from map_ui.documents.sheet_plane import plane

EVIL = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>'
WARD = shapely.box(106.70, 10.76, 106.71, 10.77)
ISLAND = shapely.box(106.60, 8.68, 106.61, 8.69)


@pytest.fixture
def evening():
    """A map on which everything that a person may have typed is an attack."""
    return MapDocument(
        title=f"Ngập ở Sài Gòn {EVIL}",
        about=f"Nơi nước đọng mỗi chiều mưa. {EVIL}",
        layers=(
            Shaded(
                f"Theo phường {EVIL}",
                (Step(f"1–2 {EVIL}", "#fee391"), Step("3", "#8c2d04")),
                (Shape(WARD, 1, f"Phường Sài Gòn: 3 {EVIL}"),),
                unit=EVIL,
            ),
            Heat(f"Nhiệt {EVIL}", np.array([[106.705, 10.765, 2.0]]), EVIL),
            Marks(f"Từng sự cố {EVIL}", (Mark(106.705, 10.765, f"Ngập {EVIL}"),)),
        ),
        source=f"Nguồn {EVIL}",
        made=f"Lập ngày {EVIL}",
        language="vi",
        parameters=((f"Kỳ {EVIL}", EVIL),),
        notes=(EVIL,),
        places=(Place(f"Phường Sài Gòn {EVIL}", WARD, (106.705, 10.765)),),
    )


class Tags(HTMLParser):
    """What a page's markup holds outside of scripts."""

    def __init__(self):
        super().__init__()
        self.names, self.handlers = [], []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.handlers += [name for name, _value in attrs if name.startswith("on")]


def test_no_word_of_anybody_is_markup(evening):
    tags = Tags()
    tags.feed(folium_html(evening))
    assert "img" not in tags.names
    assert tags.handlers == []
    # Leaflet, heat, clusters, our own, the map, its beginning: none more.
    assert tags.names.count("script") == 6


@pytest.mark.parametrize(
    "part",
    [
        '<script src="https://cdn.example/leaflet.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/leaflet.css">',
        "<style>.a { background: url(https://cdn.example/a.png) }</style>",
        "<style>@import 'https://cdn.example/a.css';</style>",
        '<div style="background: url(a.png)"></div>',
        '<img srcset="a.png 2x">',
    ],
)
def test_a_file_that_asks_for_anything_is_refused(part):
    with pytest.raises(OutsideReference):
        offline_assets.check_closed(f"<html><body>{part}</body></html>")


def test_a_plugin_nobody_looked_at_is_refused():
    with pytest.raises(OutsideReference, match="leaflet_draw"):
        offline_assets.check_known(["leaflet", "leaflet_draw"])


@pytest.mark.browser
def test_the_file_opens_offline_and_runs_nothing_of_what_people_wrote(evening, chromium, tmp_path):
    file = tmp_path / "map.html"
    file.write_text(folium_html(evening), encoding="utf-8")
    context = chromium.new_context(offline=True, locale="vi-VN")
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(file.as_uri())
    page.locator(".leaflet-marker-pane path").hover()
    assert page.locator(".leaflet-tooltip:not(.name)").inner_text() == f"Ngập {EVIL}"
    names = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert [name.strip() for name in names[1:]] == [layer.name for layer in evening.layers]
    about = page.locator(".about").inner_text()
    shown = (evening.layers[0].steps[0].said, evening.layers[1].name, *evening.parameters[0])
    for words in (*shown, evening.source, evening.made, *evening.notes):
        assert words in about
    assert page.evaluate("window.hacked") is None
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert faults == []
    context.close()


def test_a_sheet_is_paper_of_its_size_with_words_that_can_be_found(evening):
    plain = replace(evening, title="Ngập ở phường Sài Gòn, đường Nguyễn Huệ")
    [page] = PdfReader(io.BytesIO(sheet_pdf(plain, Paper.A3_UPRIGHT))).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 420]
    words = page.extract_text()
    assert "Ngập ở phường Sài Gòn, đường Nguyễn Huệ" in words
    assert "Nơi nước đọng mỗi chiều mưa." in words
    fonts = page["/Resources"]["/Font"].values()
    assert {font.get_object()["/Subtype"] for font in fonts} == {"/Type0"}


def test_a_picture_has_its_dots_and_shows_the_colours_of_its_legend(evening):
    picture = Image.open(io.BytesIO(sheet_png(evening, Paper.A4_ACROSS, 150)))
    assert picture.size == (1753, 1240)
    shown = {colour for _count, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert {(0x8C, 0x2D, 0x04), (0xFE, 0xE3, 0x91)} <= shown
    with pytest.raises(NoSuchResolution):
        sheet_png(evening, Paper.A4_ACROSS, 72)


@pytest.mark.parametrize(
    "box", [(106.7, 10.76, 106.702, 10.762), (106.4, 10.4, 107.0, 11.1), (106.0, 8.4, 107.7, 11.6)]
)
def test_the_scale_bar_is_as_long_as_it_says(box):
    from map_ui.documents import sheet_drawing  # noqa: PLC0415  heavy: brings matplotlib

    srid, frame = city.current().metric_srid, map_frame(Paper.A4_ACROSS, 20)
    held = plane(box, srid, frame)
    axes, mm = sheet_drawing.Figure().add_axes((0, 0, 1, 1)), held.width / frame.width
    begins, ends, metres = sheet_drawing.draw_scale(axes, held, mm)
    y = held.south + 5 * mm
    ground = to_degrees(np.array([shapely.Point(begins, y), shapely.Point(ends, y)]), srid)
    (lon, lat), (lon2, lat2) = shapely.get_coordinates(ground)
    assert Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)[2] == pytest.approx(metres, rel=0.01)
    assert metres / 10 ** np.floor(np.log10(metres)) in {1, 2, 5}
    assert abs(held.north()) < 1


def test_squares_on_paper_are_not_smaller_than_the_cells_that_were_counted():
    from map_ui.documents import sheet_layers  # noqa: PLC0415  heavy: brings matplotlib

    srid, frame = city.current().metric_srid, map_frame(Paper.A4_ACROSS, 20)
    held = plane((106.7, 10.76, 106.702, 10.762), srid, frame)
    points = np.array([[106.701, 10.761, 2.0]])
    for cell_m, wide in ((0.0, 50), (38.2, 50), (306.0, 500)):
        drawn = sheet_layers.in_cells(Heat("", points, cell_m=cell_m), held, 10.0)
        assert drawn[1] == wide


def test_nothing_at_all_and_very_long_words_still_make_a_sheet(evening):
    nothing = replace(evening, layers=(), places=(), title="Rất dài " * 60, about="Dài " * 400)
    [page] = PdfReader(io.BytesIO(sheet_pdf(nothing))).pages
    assert "Rất dài" in page.extract_text()


def test_an_island_far_out_does_not_make_the_city_small(evening):
    boxes = np.array([WARD.bounds, ISLAND.bounds, shapely.box(106.8, 10.9, 106.9, 11).bounds])
    assert main_part(boxes) == pytest.approx((106.7, 10.76, 106.9, 11))
    far = replace(
        evening,
        language="en",
        places=(*evening.places, Place("Côn Đảo", ISLAND, (106.605, 8.685))),
    )
    [page] = PdfReader(io.BytesIO(sheet_pdf(far))).pages
    assert "Not on this sheet: Côn Đảo." in page.extract_text()


def test_too_much_for_one_file_is_said(evening, monkeypatch):
    monkeypatch.setattr(map_document, "MOST_MARKS", 0)
    for write in (folium_html, sheet_png):
        with pytest.raises(MapTooLarge):
            write(evening)


def test_one_sheet_is_drawn_at_a_time(evening, monkeypatch):
    monkeypatch.setattr(map_sheet, "PATIENCE_S", 0.01)
    with map_sheet._drawing, pytest.raises(map_sheet.SheetsBusy):
        sheet_pdf(evening)


def test_few_values_have_a_step_each_however_often_one_is_there():
    told = graded([1] * 60 + [2, 2, 3, 0])
    assert [step.said for step in told.steps] == ["0", "1", "2", "3"]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 500), max_size=40))
def test_every_value_is_within_what_its_step_says(values):
    told = graded(values)
    assert len(told.of) == len(values)
    assert len(told.steps) <= 6
    for value, at in zip(values, told.of, strict=True):
        low, _, high = told.steps[at].said.partition("–")
        assert int(low) <= value <= int(high or low)
    used = sorted(set(told.of))
    assert used == list(range(len(told.steps)))
