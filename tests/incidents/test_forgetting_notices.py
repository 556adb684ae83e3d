"""Notices that are over are forgotten after their term; nothing else is, and none is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from incidents.models import Notice, NoticeState
from incidents.services import forgetting
from incidents.services.forgetting import forget_notices

pytestmark = pytest.mark.django_db
BEFORE = ("incidents", "0023_planners_runs")
AFTER = ("incidents", "0025_fewer_indexes_of_nothing")


@pytest.fixture
def told(db, django_user_model):
    """Write notices to Hoa of the staff, each of a state and so many days after its end."""
    hoa = django_user_model.objects.create_user("hoa")

    def write(state, days, kind="assigned"):
        number = Notice.objects.count()
        ended = timezone.now() - timedelta(days=days)
        return Notice.objects.create(
            kind=kind, carrier="email", user=hoa, dedupe=f"{kind}:{number}", state=state.value,
            ended_at=None if state is NoticeState.READY else ended,
        )  # fmt: skip

    return write


def test_what_was_sent_is_forgotten_after_its_term_and_not_before(told, settings):
    settings.WARDWISE_NOTICES_KEPT_DAYS = 400
    old, dropped = told(NoticeState.SENT, 401), told(NoticeState.DROPPED, 500)
    young = told(NoticeState.SENT, 399)
    assert forget_notices(timezone.now()) == 2
    assert set(Notice.objects.values_list("pk", flat=True)) == {young.pk}
    assert forget_notices(timezone.now()) == 0
    assert not Notice.objects.filter(pk__in=[old.pk, dropped.pk]).exists()


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (NoticeState.READY, "assigned"),
        (NoticeState.DEAD, "assigned"),
        (NoticeState.SENT, "merged"),
    ],
)
def test_what_may_still_be_needed_stays_however_old(told, state, kind):
    told(state, 5_000, kind)
    assert forget_notices(timezone.now()) == 0


def test_a_term_of_no_days_keeps_everything(told, settings):
    settings.WARDWISE_NOTICES_KEPT_DAYS = 0
    told(NoticeState.SENT, 5_000)
    assert forget_notices(timezone.now()) == 0


def test_few_go_at_a_time_the_oldest_first(told, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    kept, *_ = [told(NoticeState.SENT, days) for days in (500, 800, 700)]
    assert forget_notices(timezone.now()) == 2
    assert Notice.objects.get().pk == kept.pk
    assert forget_notices(timezone.now()) == 1


def indexes(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        return {name for (name,) in cursor.fetchall()}


def migrate(to):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([to])


def test_indexes_of_nothing_go_and_all_rows_stay(told):
    rows = [told(NoticeState.SENT, days).pk for days in (1, 30, 400)]
    migrate(BEFORE)
    assert {"incidents_notice_dedupe_fbb2ff02_like", "incidents_notice_dedupe_key"} <= indexes(
        "incidents_notice"
    )
    migrate(AFTER)
    assert list(Notice.objects.order_by("pk").values_list("pk", flat=True)) == rows
    for table, unique in (("incidents_notice", "notice_once"), ("incidents_report", "report_code")):
        assert unique in indexes(table)
        assert not [name for name in indexes(table) if name.endswith("_like")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            kind="assigned", carrier="email", user_id=Notice.objects.first().user_id,
            dedupe=Notice.objects.first().dedupe,
        )  # fmt: skip
