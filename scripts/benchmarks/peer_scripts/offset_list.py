"""The peer of the desk's list: the usual way, django-ninja with pages by number and a full count.

Served as a WSGI application over the same tables; the reach is asked for as the ORM writes it.
"""

import os
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import F, Q, QuerySet  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402
from ninja.pagination import LimitOffsetPagination, paginate  # noqa: E402

from incidents.models import Incident  # noqa: E402
from incidents.workflow import OPEN, Status  # noqa: E402

api = NinjaAPI(docs_url=None)
OPEN_ONES = [status.value for status in Status if status in OPEN]


class Row(Schema):
    """What the desk's row shows of the incident itself."""

    id: int
    category: str
    status: str
    due_at: datetime | None
    opened_at: datetime
    report_count: int
    ward: str | None
    agency: str | None

    @staticmethod
    def resolve_category(row: Incident) -> str:
        return row.category.name

    @staticmethod
    def resolve_ward(row: Incident) -> str | None:
        return row.ward and row.ward.name

    @staticmethod
    def resolve_agency(row: Incident) -> str | None:
        return row.agency and row.agency.name


@api.get("/list", response=list[Row])
@paginate(LimitOffsetPagination)
def listed(request: HttpRequest, agency: int = 0, ward: int = 0) -> QuerySet[Incident]:  # noqa: ARG001
    """Return open incidents of an agency or a ward, or of everybody, by what is due first."""
    mine = Q(agency=agency) | Q(ward=ward) if agency or ward else Q()
    rows = Incident.objects.filter(mine, status__in=OPEN_ONES)
    rows = rows.select_related("category", "ward", "agency").defer("ward__shape")
    return rows.order_by(F("due_at").asc(nulls_last=True), "opened_at", "id")


urlpatterns = [path("tiles/incidents/16/0/0.mvt", lambda _: HttpResponse()), path("", api.urls)]
settings.ROOT_URLCONF = "scripts.benchmarks.peer_scripts.offset_list"
settings.MIDDLEWARE = []
application = get_wsgi_application()
