"""Leaders read the month in one screen, every figure opens its list, and files say the same."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from pypdf import PdfReader

from districts.models import Agency
from incidents import figures
from incidents.actors import actor_of
from incidents.figures import read_period, read_scope
from incidents.models import Contact, Custody, Incident, Report, Staff
from incidents.permissions import Role
from map_ui import charts
from tests import zoo
from tests.map_ui.test_everyone import SHAPES, check

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def crowded():
    call_command("make_demo", "--incidents", "900", "--seed", "3", stdout=io.StringIO())


@pytest.fixture
def month(town):
    """A made-up crowd, and the month before this one."""
    crowded()
    return busy_month()


def busy_month():
    return figures.month_of(Report.objects.latest("received_at").received_at.date()).before


@pytest.fixture
def lan(db):
    """Lan leads the city."""
    return staff("lan", Role.LEADER)


def staff(name, role):
    user = User.objects.create_user(name, password=name)
    Staff.objects.create(user=user, role=role)
    return user


@pytest.fixture
def reader(client, lan):
    client.force_login(lan)
    return client


class Seen(HTMLParser):
    """What a page says: its links, and the words of each table row."""

    def __init__(self, text):
        super().__init__()
        self.links, self.rows, self.headings, self._cells, self._heading = [], [], [], None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs).get("href", ""))
        if tag == "h1":
            self.headings.append("")
            self._heading = True
        if tag == "tr":
            self._cells = []
            self.rows.append(self._cells)
        if tag in {"td", "th"} and self._cells is not None:
            self._cells.append("")

    def handle_endtag(self, tag):
        if tag == "tr":
            self._cells = None
        if tag == "h1":
            self._heading = False

    def handle_data(self, data):
        if self._heading:
            self.headings[-1] += data
        if self._cells:
            self._cells[-1] += data


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_eight_figures_each_with_its_list(reader, month):
    text = page(reader, f"/overview?period={month.code}")
    assert text.count('class="tile"') == 10
    scope = read_scope(actor_of(User.objects.get(username="lan")), month)
    told = figures.overview(scope, figures.By.AGENCY, "vi")
    wanted = {"reported": told.now.tally.reported, "backlog": told.now.tally.backlog,
              "on_time": told.now.tally.on_time, "honest": told.now.tally.honest,
              "declined": told.now.tally.declined, "reopened": told.now.tally.reopened,
              "rated": told.now.tally.rated}  # fmt: skip
    for link in Seen(text).links:
        if link.startswith("/overview/incidents?") and "agency=" not in link:
            figure = parse_qs(urlsplit(link).query)["figure"][0]
            if figure in wanted:
                assert total_of(page(reader, link)) == wanted[figure]
    assert wanted["reported"] > 5
    assert wanted["on_time"] >= wanted["honest"] > 0


def total_of(text):
    found = re.search(r'role="status"><strong>([\d.,]+)', text)
    return int(re.sub(r"\D", "", found[1]))


def test_every_number_of_the_table_that_has_a_list_equals_it(reader, month):
    text = page(reader, f"/overview?period={month.code}&by=sector")
    assert counts_that_equal_their_lists(reader, text) > 5


def counts_that_equal_their_lists(reader, text):
    """Follow each count of a page; return how many there were."""
    checked = 0
    for match in re.finditer(r'href="(/overview/incidents\?[^"]*)">([\d.,]+)</a>', text):
        address, number = match[1].replace("&amp;", "&"), match[2]
        if "." in number or "," in number:
            continue  # a share, or stars
        assert total_of(page(reader, address)) == int(number), address
        checked += 1
    return checked


def test_the_lists_of_wards_in_a_district_hold_what_of_them_lies_there(reader, month):
    """A ward of today may lie in two districts of before."""
    district = zoo.edition(
        {"760": (106, 10, 106.1, 10.1)}, name="zoo-districts", level="district"
    ).areas.get()
    every_other = list(Incident.objects.order_by("pk").values_list("pk", flat=True))[::2]
    Incident.objects.filter(pk__in=every_other).update(district=district)
    address = f"/overview?period={month.code}&by=ward&area={district.pk}"
    checked = counts_that_equal_their_lists(reader, page(reader, address))
    assert checked > 5
    [listed, *_] = re.findall(
        r'href="(/overview/incidents\?[^"]*within=[^"]*)"', page(reader, address)
    )
    heading = Seen(page(reader, listed.replace("&amp;", "&"))).headings[0]
    assert "Quận" in heading
    assert "Phường" in heading


def test_without_figures_for_those_who_may_not(client, month):
    for role in (Role.AGENCY_STAFF, Role.WARD_STAFF, Role.DISTRICT_OPERATOR):
        client.force_login(staff(role, role))
        for address in (
            "/overview",
            "/overview/incidents?figure=late",
            f"/overview/month/{month.code}",
            "/overview/faults?agency=tt-gtht",
        ):
            assert client.get(address).status_code == 403  # fmt: skip
    client.logout()
    assert client.get("/overview").status_code == 302


def test_no_contact_stands_on_any_page(reader, month):
    report = Report.objects.order_by("-pk").first()
    Contact.objects.create(report=report, name="Nguyễn Thị Hiền", phone="0900000123")
    for address in (
        "/overview",
        f"/overview/incidents?figure=backlog&period={month.code}",
        f"/overview/month/{month.code}",
        "/overview/faults?agency=tt-gtht",
    ):
        text = page(reader, address)
        assert "Hiền" not in text  # fmt: skip
        assert "0900000123" not in text


def test_signing_in_leads_leaders_to_their_figures_and_operators_to_their_queue(client, town, lan):
    staff("op", Role.OPERATOR)
    answer = client.post("/login/", {"username": "lan", "password": "lan"})
    assert answer["Location"] == "/overview"
    assert 'href="/overview"' in page(client, "/")
    client.post("/logout")
    answer = client.post("/login/", {"username": "op", "password": "op"})
    assert answer["Location"] == "/console/approve"


def test_as_many_questions_whatever_is_asked(reader, month):
    page(reader, "/overview")

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            page(reader, address)
        return len(queries)

    quiet = read_period("2019-01").code
    assert asked(f"/overview?period={quiet}") + 6 >= asked(f"/overview?period={month.code}")
    assert asked(f"/overview?period={month.code}&all=1") < 45


@pytest.mark.parametrize(
    "address",
    ["/overview?period=x", "/overview?agency=none", "/overview/incidents?figure=x",
     "/overview/month/2026", "/overview/faults", "/overview/month/2026-10/report.doc"],
)  # fmt: skip
def test_what_makes_no_sense_is_said(reader, town, address):
    assert reader.get(address).status_code in {404, 422}


def numbers(text):
    """Return the numbers in a text as a Vietnamese reader writes them."""
    return [match.replace(".", "") for match in re.findall(r"\d[\d.]*(?:,\d+)?%?", text)]


def test_page_pdf_and_workbook_say_the_same(reader, month):
    address = f"/overview/month/{month.code}"
    rows = [row for row in Seen(page(reader, address)).rows if row]
    book = workbook(reader.get(f"{address}/report.xlsx").content)
    pdf = pdf_words(reader.get(f"{address}/report.pdf").content)
    names = set(book)
    assert len(names) == 6
    agencies = next(sheet for name, sheet in book.items() if name.startswith("2 "))
    assert len(agencies) > 3
    for cells in agencies[1:]:
        shown = next(row for row in rows if row[0].strip() == cells[0] and len(row) == 13)
        assert cells[1] == pytest.approx(float(numbers(shown[1])[0]))
        for at in (2, 3, 4, 5):
            if cells[at] is not None:
                assert f"{cells[at] * 100:.1f}".replace(".", ",") + "%" in shown[at]
    for row in rows:
        if len(row) == 13:
            assert " ".join(row[0].split()) in pdf
    for word in numbers(" ".join(rows[-1])):
        assert word in pdf.replace(".", "")


bounds = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted)


@given(st.lists(bounds, min_size=1, max_size=13))
def test_a_chart_shows_the_whole_of_what_is_uncertain(shares):
    drawn = charts.shares([[share for _, share, _ in shares]], [[(b[0], b[2]) for b in shares]])
    bottom, top = (tick.value for tick in (drawn.ticks[0], drawn.ticks[-1]))
    assert bottom <= min(low for low, _, _ in shares)
    assert top == 1


def test_every_figure_of_a_report_leads_to_the_list_of_what_it_counts(reader, month):
    text = page(reader, f"/overview/month/{month.code}?sector=traffic")
    found = re.findall(r'href="http://testserver(/overview/incidents\?[^"]*)">([\d.]+)</a>', text)
    whole = [(address.replace("&amp;", "&"), number) for address, number in found]
    assert len(whole) > 12
    for address, number in whole[:4] + whole[4::9]:
        assert "sector=traffic" in address
        assert total_of(page(reader, address)) == int(number.replace(".", "")), address


def test_a_report_says_what_it_is_narrowed_to_and_its_files_are_too(reader, month):
    address = f"/overview/month/{month.code}"
    assert f'href="{address}?period={month.code}&amp;sector=traffic"' in page(
        reader, f"/overview?period={month.code}&sector=traffic"
    )
    text = page(reader, f"{address}?sector=traffic")
    name = re.search(r'<option value="traffic"[^>]*>([^<]+)', page(reader, "/overview"))[1]
    assert name in Seen(text).headings[0]
    [link] = [one for one in Seen(text).links if one.startswith(f"{address}/report.xlsx")]
    answer = reader.get(link)
    assert f"wardwise-traffic-{month.code}.xlsx" in answer.headers["Content-Disposition"]
    [first, *_] = workbook(answer.content).values()
    assert first[1][1] == total_of(
        page(reader, f"/overview/incidents?figure=reported&period={month.code}&sector=traffic")
    )


def test_a_workbook_holds_figures_as_numbers_with_their_lists_behind_them(reader, month):
    content = reader.get(f"/overview/month/{month.code}/report.xlsx").content
    [first, *_] = workbook(content).values()
    for cells in first[1:]:
        assert all(value is None or isinstance(value, float) for value in cells[1:]), cells
    told = figures.overview(
        read_scope(actor_of(User.objects.get(username="lan")), month), figures.By.AGENCY, "vi"
    )
    honest = told.now.tally.honest_share
    [shown] = [cells for cells in first[1:] if cells[0] == "Đúng hạn thực chất"]
    assert shown[1] == pytest.approx(honest.value)
    assert shown[4:] == pytest.approx([honest.interval.low, honest.interval.high])
    leads = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/_rels/sheet1.xml.rels")
    assert f"/overview/incidents?period={month.code}&amp;figure=honest" in leads.decode()


def test_the_printed_report_begins_with_both_charts_in_its_readers_language(reader, month):
    for language, title, key in (
        ("vi", "Đúng hạn: theo đồng hồ và thực chất", "Theo đồng hồ"),
        ("en", "On time: by the clock, and honestly", "By the clock"),
    ):
        content = reader.get(
            f"/overview/month/{month.code}/report.pdf", headers={"Accept-Language": language}
        ).content
        file = PdfReader(io.BytesIO(content))
        words = " ".join(file.pages[0].extract_text().split())
        assert title in words
        assert key in words
        assert f"{month.first.month}/{month.first.year % 100:02}" in words
        assert file.trailer["/Root"]["/Lang"] == language


def test_the_file_of_a_contractor_is_two_steps_from_the_overview(reader, month):
    contractor = Custody.objects.exclude(contractor=None).first().contractor.code
    text = page(reader, f"/overview?period={month.code}")
    assert f'<option value="{contractor}">' in text
    text = page(reader, f"/overview?period={month.code}&contractor={contractor}")
    [link] = [one for one in Seen(text).links if one.startswith("/overview/faults?")]
    assert f"contractor={contractor}" in link
    name = Agency.objects.get(code=contractor).name
    assert name in Seen(page(reader, link)).headings[0]
    narrowed = Seen(page(reader, f"{link}&agency=so-xay-dung&sector=traffic")).headings[0]
    owner = Agency.objects.get(code="so-xay-dung").name
    assert all(one in narrowed for one in (name, owner))


def test_letters_of_vietnamese_are_in_the_pdf(reader, month):
    content = reader.get(f"/overview/month/{month.code}/report.pdf").content
    assert content.startswith(b"%PDF-")
    words = pdf_words(content)
    assert "Báo cáo tháng" in words
    assert "Đúng hạn thực chất" in words
    fonts = PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].get_object()
    assert any("DejaVuSansCondensed" in font.get_object()["/BaseFont"] for font in fonts.values())


def pdf_words(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def workbook(content):
    """Read a workbook's sheets, from their header row on, by the format's own rules."""
    archive = zipfile.ZipFile(io.BytesIO(content))

    def tree(name):
        return ElementTree.fromstring(archive.read(f"xl/{name}.xml"))

    shared = ["".join(t.text or "" for t in one.iter(f"{SHEET}t")) for one in tree("sharedStrings")]
    names = [sheet.get("name") for sheet in tree("workbook").iter(f"{SHEET}sheet")]
    found = {}
    for number, name in enumerate(names, start=1):
        sheet = tree(f"worksheets/sheet{number}")
        rows = [row_of(row, shared) for row in sheet.iter(f"{SHEET}row")]
        found[name] = rows[2:]
    return found


def row_of(row, shared):
    """Return a row's values; what is not written is None, and columns are below Z."""
    cells = {ord(cell.get("r")[0]) - ord("A"): cell_of(cell, shared) for cell in row}
    return [cells.get(at) for at in range(max(cells) + 1)]


def cell_of(cell, shared):
    value = cell.find(f"{SHEET}v")
    if value is None:
        return None
    return shared[int(value.text)] if cell.get("t") == "s" else float(value.text)


def test_a_file_of_faults_links_each_line_to_its_case(reader, month):
    busiest = max(
        figures.overview(
            read_scope(actor_of(User.objects.get(username="lan")), month), figures.By.AGENCY, "vi"
        ).lines,
        key=lambda line: line.tally.handled - line.tally.honest,
    )
    query = f"agency={busiest.key}&period={month.code}"
    text = page(reader, f"/overview/faults?{query}")
    links = [link for link in Seen(text).links if "/case/" in link]
    assert len(links) >= busiest.tally.handled - busiest.tally.honest > 0
    content = reader.get(f"/overview/faults.xlsx?{query}").content
    archive = zipfile.ZipFile(io.BytesIO(content))
    told = archive.read("xl/worksheets/_rels/sheet2.xml.rels").decode()
    assert sorted(re.findall(r'Target="([^"]*/case/\d+)"', told)) == sorted(links)


@pytest.mark.browser
@pytest.mark.parametrize(("shape", "colours"), [("phone", "light"), ("desk", "dark")])
def test_everyone_can_read_the_figures(site, chromium, client, shape, colours, picture):
    crowded()
    month = busy_month()
    client.force_login(staff("lan", Role.LEADER))
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN",
        java_script_enabled=True,
    )  # fmt: skip
    context.add_cookies([{
        "name": "sessionid", "value": client.cookies["sessionid"].value, "url": site,
    }])  # fmt: skip
    opened = context.new_page()
    for name, address in (
        ("overview", f"/overview?period={month.code}"),
        ("list", f"/overview/incidents?figure=backlog&period={month.code}"),
        ("month", f"/overview/month/{month.code}"),
        ("faults", f"/overview/faults?agency=tt-gtht&period={month.code}"),
    ):
        opened.goto(f"{site}{address}")
        expect(opened.locator("h1")).to_be_visible()
        check(opened)
        picture(opened, f"{name}-{shape}-{colours}")
        wide = opened.evaluate("document.querySelector('main').scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} wider than the screen"
    context.close()
