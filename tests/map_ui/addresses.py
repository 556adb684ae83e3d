"""How each list of incidents is read as its reader gets it, and who is to see which of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from gis_core.positions import LonLat
from gis_core.tiles import tile_of
from incidents.actors import ANYBODY, Actor
from incidents.dossier.reading import office_sees
from incidents.figures.measures import MEASURES
from incidents.figures.periods import month_of
from incidents.mine import signed
from incidents.models import Contact, Incident, LoginCode, Notice
from incidents.permissions import Act, Reach
from incidents.selectors import visible_to
from incidents.visibility import reached
from incidents.workflow import Status
from tests import mvt
from tests.map_ui.conftest import HERE
from tests.map_ui.everybody import Person, World

TILE = tile_of(LonLat(*HERE), 16)
LINKED = re.compile(r"/(?:i|case|oversight|desk/incidents)/(\d+)\b|data-(?:id|incident)=\"(\d+)\"")
NAMED = re.compile(r"Ổ gà[^\d<]{0,40}(\d+)")
"""A case in a document: by its kind and number."""
TURNED_AWAY = {204, 302, 401, 403, 404}
Read = Callable[[World, Person], set[int]]
Allowed = Callable[[Actor], QuerySet[Incident]]


class Shows(NamedTuple):
    """A list of incidents: how it is read, and who is to see which."""

    read: Read
    allowed: Allowed


def everybodys(_actor: Actor) -> QuerySet[Incident]:
    return visible_to(ANYBODY)


def within(act: Act) -> Allowed:
    return lambda actor: Incident.objects.filter(reached(actor, act))


def whole_record(actor: Actor) -> QuerySet[Incident]:
    """Auditors read every event there is, also of what was merged into something else."""
    if actor.reach(Act.SEE_LEDGER) is Reach.ALL:
        return Incident.objects.all()
    return within(Act.SEE_LEDGER)(actor)


def record_of_one(actor: Actor) -> QuerySet[Incident]:
    """The record of what was merged stays open to whoever had to do with it until then."""
    merged = Incident.objects.filter(status=Status.MERGED)
    before = [Incident(**{**one, "status": Status.ASSIGNED}) for one in merged.values()]
    theirs = [one.pk for one in before if actor.may(Act.SEE_LEDGER, one)]
    return within(Act.SEE_LEDGER)(actor) | Incident.objects.filter(pk__in=theirs)


def every_event(actor: Actor) -> QuerySet[Incident]:
    return whole_record(actor) if actor.may(Act.SEE_LEDGER) else Incident.objects.none()


def got(who: Person, address: str) -> str:
    """Return what somebody reads at an address; nothing where they are turned away."""
    answer = who.client.get(address)
    if answer.status_code != 200:
        assert answer.status_code in TURNED_AWAY, (who.name, address, answer.status_code)
        return ""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", errors="replace")


def linked(of: World, text: str) -> set[int]:
    return {int(one or other) for one, other in LINKED.findall(text)} & of.ids


def page(name: str, *args: object, query: str = "") -> Read:
    """Read the incidents that a page links to; ``{month}`` stands for the month of the figures."""
    return lambda of, who: linked(
        of, got(who, reverse(name, args=args) + query.format(month=of.month.code))
    )


def api(address: str, field: str = "id") -> Read:
    address = address if address.startswith("/") else f"/api/v1/{address}"
    return lambda of, who: (
        {
            int(number)
            for number in re.findall(
                rf'"{field}": ?(\d+)',
                got(who, address),
            )
        }
        & of.ids
    )


def context(name: str, told: Callable[..., object], query: str = "") -> Read:
    """Read what a page was given to show."""

    def read(_of: World, who: Person) -> set[int]:
        answer = who.client.get(reverse(name) + query)
        return {pk for pk in told(answer.context) if pk} if answer.status_code == 200 else set()

    return read


def together(*reads: Read) -> Read:
    return lambda of, who: set().union(*(read(of, who) for read in reads))


def tile(layer: str, query: str = "") -> Read:
    def read(_of: World, who: Person) -> set[int]:
        answer = who.client.get(f"/tiles/{layer}/{TILE.z}/{TILE.x}/{TILE.y}.mvt{query}")
        body = answer.content if answer.status_code == 200 else b""
        found = {one.properties["id"] for one in mvt.features(body, "incidents", TILE)}
        heat = [one.properties["count"] for one in mvt.features(body, "heat", TILE)]
        assert not heat or sum(heat) == len(found), who.name
        return found

    return read


def figures(of: World, who: Person) -> set[int]:
    """The list behind each figure: all but one hold the same cases, that one the closed."""
    query = "?period={month}&figure="
    names = MEASURES.keys() - {"solved"}
    lists = {one: page("pages:overview_cases", query=query + one)(of, who) for one in names}
    now = f"?period={month_of(timezone.localdate()).code}&figure=solved"
    solved = page("pages:overview_cases", query=now)(of, who)
    assert solved == lists["reported"] & {of.cases["closed"].pk}, who.name
    assert len({frozenset(ids) for ids in lists.values()}) == 1, (who.name, lists)
    return lists["reported"]


def named(of: World, text: str) -> set[int]:
    return {int(number) for number in NAMED.findall(text)} & of.ids


def files(path: str) -> Read:
    """The cases in a workbook, which are those in the PDF beside it."""

    def read(of: World, who: Person) -> set[int]:
        address = f"/overview/{path}".replace("MONTH", of.month.code)
        book, pdf = (who.client.get(address.replace("FORM", form)) for form in ("xlsx", "pdf"))
        assert book.status_code == pdf.status_code
        if book.status_code != 200:
            return set()
        sheets = zipfile.ZipFile(io.BytesIO(book.content))
        told = named(of, sheets.read("xl/sharedStrings.xml").decode())
        pages = PdfReader(io.BytesIO(pdf.content)).pages
        assert named(of, " ".join(one.extract_text() for one in pages)) == told, who.name
        return told

    return read


def rows(of: World, who: Person) -> set[int]:
    """What the desk tells of every case by its number."""
    asked = ",".join(map(str, of.ids))
    return set().union(*(
        api_of_desk(of, got(who, f"/desk/rows?tab={tab}&ids={asked}")) for tab in ("open", "ended")
    ))  # fmt: skip


def api_of_desk(of: World, text: str) -> set[int]:
    return linked(of, text.replace("\\", ""))


def searched(of: World, who: Person) -> set[int]:
    """Each case looked for by its number."""
    return set().union(*(
        page("pages:desk_list", query=f"?tab={tab}&q={pk}")(of, who)
        for pk in of.ids for tab in ("open", "ended")
    ))  # fmt: skip


def inbox(of: World, who: Person) -> set[int]:
    """Its first page, and those of older messages."""
    ids = Notice.objects.order_by("pk").values_list("pk", flat=True)
    return together(*(page("pages:inbox", query=f"?before={pk}") for pk in (*ids[5::15], "")))(
        of, who
    )


def followed(of: World, who: Person) -> set[int]:
    """What Lan follows, once she has proven her address in this browser."""
    login = LoginCode.objects.create(
        contact=Contact.objects.first(), carrier="email", nonce="3" * 32,
        expires_at="2100-01-01T00:00Z",
    )  # fmt: skip
    session = who.client.session
    session["me"] = asdict(signed(login))
    session.save()
    return linked(of, got(who, reverse("pages:me")))


def exported(where: str) -> Read:
    """The ids of a file, of whatever role; nothing sensitive is in this world."""

    def read(of: World, who: Person) -> set[int]:
        lines = csv.DictReader(io.StringIO(got(who, f"{where}/incidents.csv").lstrip("\ufeff")))
        return {int(one["id"]) for one in lines} & of.ids

    return read


def of_ward(code: str) -> Allowed:
    return lambda actor: everybodys(actor).filter(ward__code=code)


def both_tabs(name: str) -> Shows:
    return Shows(together(page(name), page(name, query="?tab=ended")), office_sees)


def leaders(read: Read) -> Shows:
    return Shows(read, within(Act.SEE_FIGURES))


CONTRACTOR = "?contractor=ubnd-102&period={month}"
LISTS: dict[str, tuple[Shows, ...]] = {
    "api:list_incidents": (Shows(api("incidents?limit=1000"), visible_to),),
    "api:find_similar": (
        Shows(
            api(f"incidents/similar?category=pothole&lon={HERE[0]}&lat={HERE[1]}&text=Ổ gà public"),
            everybodys,
        ),
    ),
    "tile": (
        Shows(tile("incidents"), visible_to),
        Shows(together(tile("desk"), tile("desk", "?tab=ended")), office_sees),
    ),
    "pages:ward_feed": tuple(
        Shows(page("pages:ward_feed", ward), of_ward(ward)) for ward in ("101", "102")
    ),
    "pages:desk": (both_tabs("pages:desk"),),
    "pages:desk_list": (both_tabs("pages:desk_list"), Shows(searched, office_sees)),
    "pages:desk_rows": (Shows(rows, office_sees),),
    "pages:approve": (
        Shows(
            together(*(
                context(
                    "pages:approve", lambda told: [told["item"] and told["item"].incident_id],
                    f"?at={at}",
                ) for at in range(12)
            )),
            within(Act.APPROVE_WORDS),
        ),
    ),
    "pages:triage": (
        Shows(
            context("pages:triage", lambda told: [one.card.id for one in told["triage"]]),
            within(Act.ASSIGN),
        ),
    ),
    "pages:overview": (leaders(page("pages:overview", query="?period={month}")),),
    "pages:overview_cases": (leaders(figures),),
    "pages:overview_month": (
        leaders(lambda of, who: named(of, got(who, f"/overview/month/{of.month.code}"))),
    ),
    "pages:overview_month_file": (leaders(files("month/MONTH/report.FORM")),),
    "pages:overview_sanctions": (leaders(page("pages:overview_sanctions", query=CONTRACTOR)),),
    "pages:overview_sanctions_file": (
        leaders(files("faults.FORM?contractor=ubnd-102&period=MONTH")),
    ),
    "pages:oversight": (Shows(page("pages:oversight", query="?kind=opened"), whole_record),),
    "api:read_ledger": (Shows(api("ledger?limit=1000", "incident"), every_event),),
    "pages:notices": (
        Shows(
            context("pages:notices", lambda told: [one.incident for one in told["dead"]]),
            within(Act.SEE_NOTICES),
        ),
    ),
    "pages:inbox": (Shows(inbox, within(Act.SEE_NOTICES)),),
    "pages:me": (Shows(followed, everybodys),),
    "pages:export_file": (Shows(exported("/export"), visible_to),),
    "api:export_incidents": (Shows(exported("/api/v1/export"), visible_to),),
    "ogc:items": (Shows(api("/ogc/collections/incidents/items?limit=1000"), everybodys),),
}  # fmt: skip
"""Every address that lists incidents; the stream of changes is no address of the site's."""
