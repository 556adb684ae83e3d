"""The public map as a file: what everybody sees under its filters, whoever asks."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.contrib.gis.geos import LineString
from django.utils import timezone
from django.utils.translation import gettext
from PIL import Image
from pypdf import PdfReader

from districts import street_sketch
from districts.models import Gazetteer, Place
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.actors import ANYBODY
from incidents.analyses import asking, reckoning
from incidents.columns.rows import COLUMNS, NOWHERE, Asked, Columns, Rows, Words, day_of, kind_of
from incidents.filters import Filters
from incidents.map_counts import of_columns
from incidents.models import Incident
from incidents.permissions import Role
from incidents.selectors import visible_to
from map_ui import public_map_document
from tests.incidents.test_analyses import asked, make, planted_places, staff
from tests.map_ui.conftest import send
from tests.map_ui.everybody import world

pytestmark = pytest.mark.django_db


def listed(html: str) -> set[int]:
    """Return the numbers of the incidents that a file lists one by one."""
    return {int(number) for number in re.findall(r"(\d+)\\n", html)}


def test_the_file_shows_what_everybody_sees_to_each_role(town):
    everybody = world()
    public = set(visible_to(ANYBODY).values_list("pk", flat=True))
    assert public
    assert public < set(Incident.objects.values_list("pk", flat=True))
    for who in everybody.people:
        answer = who.client.get("/export/map.html")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert listed(answer.content.decode()) == public, who.name
    told = public_map_document.document(Filters())
    assert told.layers[1].points[:, 2].sum() == len(public)
    [[lon, lat]] = {one.position.coords for one in Incident.objects.filter(pk__in=public)}
    # Few are counted in cells so small that a sheet shows them where they are.
    assert np.abs(told.layers[1].points[:, :2] - (lon, lat)).max() < told.layers[1].cell_m / 1e5
    assert told.layers[1].cell_m < 40


def test_sheets_follow_the_filters_of_the_maps_own_form(town, client):
    send()
    send(category="flooding", place=(106.7012, 10.7612))
    query = {"category": "flooding", "period": "7", "since": "", "layers": ["wards", "heat"]}
    answer = client.get("/export/map.pdf", query)
    [page] = PdfReader(io.BytesIO(answer.content)).pages
    words = page.extract_text()
    since = timezone.localdate() - timedelta(days=7)
    assert "1 sự cố công khai" in words
    assert f"{since.day:02}/{since.month:02}/{since.year}" in words
    picture = client.get("/export/map.png", {"paper": "a4-upright", "layers": "shading"})
    per_area = public_map_document.document(Filters(), measure="area").layers[0]
    assert per_area.unit == gettext("incidents per km²")
    assert Image.open(io.BytesIO(picture.content)).size == (1240, 1753)


def street(book, name, east, sort="", kind="street"):
    line = LineString((106.70 + east, 10.76), (106.70 + east, 10.77), srid=4326)
    return Place.objects.create(
        gazetteer=book, reference=name, kind=kind, sort=sort, name=name, shape=line,
        point=line.centroid,
    )  # fmt: skip


def test_streets_lie_under_a_map_the_main_ones_first_and_their_source_is_told(
    town, client, monkeypatch
):
    box = (106.69, 10.755, 106.72, 10.775)
    without = public_map_document.document(Filters(box=box))
    assert without.streets.is_empty
    book = Gazetteer.objects.create(code="zoo", title="Zoo", attribution="© Zoo <b>")
    street(book, "trunk", 0.001, "highway/trunk")
    street(book, "unknown", 0.002)
    street(book, "alley", 0.003, "highway/service", "alley")
    street(book, "elsewhere", 0.3)
    with_them = public_map_document.document(Filters(box=box))
    assert len(with_them.streets.geoms) == 1
    assert len(with_them.small_streets.geoms) == 2
    assert with_them.source.endswith("© Zoo <b>")
    html = client.get("/export/map.html", {"bbox": ",".join(map(str, box))}).content.decode()
    assert "© Zoo &lt;b&gt;" in html
    assert "106.701" in html
    wide = street_sketch.street_sketch((106.6, 10.66, 106.83, 10.89))
    assert (len(wide.main.geoms), len(wide.other.geoms)) == (1, 1)
    assert street_sketch.street_sketch((106, 10, 107, 11)).other.is_empty
    monkeypatch.setattr(street_sketch, "MOST_CORNERS", 2)
    assert public_map_document.document(Filters(box=box)).small_streets.is_empty


@pytest.mark.parametrize(
    ("path", "status"),
    [("map.doc", 404), ("map.png?dpi=72", 422), ("map.pdf?paper=a0", 422),
     ("map.html?period=soon", 422), ("map.html?category=dragons", 422)],
)  # fmt: skip
def test_what_cannot_be_had_is_said(town, client, path, status):
    assert client.get(f"/export/{path}").status_code == status


def test_counts_agree_between_columns_and_plain_counting():
    """Base and delta, filters and what left again."""
    rng = np.random.default_rng(4)
    base, delta = made_up(rng, 3000), made_up(rng, 200)
    weight = rng.choice(np.array([-1, 1], np.int8), 200)
    gone = np.flatnonzero(weight < 0)
    for name in COLUMNS:
        getattr(delta, name)[gone] = getattr(base, name)[gone]
    words = Words(
        ("pothole",), ("assigned",), (), ("101", "102"), "today", (0, 0), 9210, ("roads",)
    )
    wish = Asked(np.zeros(1 << 16, np.uint8), day_of(date(2026, 1, 1)), day_of(date(2026, 6, 30)))
    wish.kinds[kind_of(0, 1, public=True)] = 1
    found = of_columns(Columns(base, delta, weight, words, "r"), wish, most_cells=300)

    def wanted(rows):
        days = (rows.day >= wish.first_day) & (rows.day <= wish.last_day)
        return days & (rows.kind == kind_of(0, 1, public=True))

    total = wanted(base).sum() + weight[wanted(delta)].sum()
    assert found.total == total == found.cells[:, 2].sum()
    assert len(found.cells) <= 300
    for number, code in enumerate(words.wards):
        many = (wanted(base) & (base.ward == number)).sum()
        many += weight[wanted(delta) & (delta.ward == number)].sum()
        assert found.wards[code] == many


def made_up(rng, count: int) -> Rows:
    lon, lat = rng.uniform(106.6, 106.8, count), rng.uniform(10.7, 10.9, count)
    columns = {name: np.zeros(count, kind) for name, kind in COLUMNS.items()}
    columns["code"][:] = [cell_code(LonLat(*place)) for place in zip(lon, lat, strict=True)]
    columns["kind"][:] = rng.choice(
        [kind_of(0, 1, public=True), kind_of(0, 1, public=False)], count
    )
    columns["ward"][:] = rng.choice([0, 1, NOWHERE], count)
    columns["day"][:] = rng.integers(day_of(date(2025, 10, 1)), day_of(date(2026, 10, 1)), count)
    return Rows(**columns)


@pytest.fixture
def analysed(town, settings, tmp_path):
    """A run of Chi's, a planner, over a place in ward 103 where there is much."""
    settings.WARDWISE_ANALYSES_DIR = tmp_path / "analyses"
    make(planted_places())
    chi = staff("chi", Role.PLANNER)
    run = asking.ask(chi, asked(), "Ổ gà <b>tháng này</b>")
    assert reckoning.reckon_next(timezone.now())
    run.refresh_from_db()
    return run


def test_an_analysis_is_a_map_with_its_sentence_for_planners_alone(analysed, client):
    address = f"/analysis/{analysed.analysis.token}/map."
    assert client.get(f"{address}html").status_code == 302
    client.force_login(analysed.analysis.owner)
    html = client.get(f"{address}html").content.decode()
    assert "Ổ gà &lt;b&gt;tháng này&lt;/b&gt;" in html
    [page] = PdfReader(
        io.BytesIO(client.get(f"{address}pdf", {"paper": "a3-across"}).content)
    ).pages
    words = page.extract_text().replace("\n", " ")
    for told in ("210 sự cố", "Nóng, rất chắc", "Cạnh ô: 200 m", "Wardwise lập ngày"):
        assert told in words
    picture = Image.open(io.BytesIO(client.get(f"{address}png").content)).convert("RGB")
    assert (0xB2, 0x18, 0x2B) in {colour for _count, colour in picture.getcolors(1 << 24)}
    other = User.objects.create_user("somebody")
    client.force_login(other)
    assert client.get(f"{address}html").status_code == 403
