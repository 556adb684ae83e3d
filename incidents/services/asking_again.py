"""What became something else since it was compared is compared again, soon and elsewhere.

Nothing is looked for while somebody moves a pin or merges: only a row is written, in the same
transaction, which ``comparing_later`` takes up.
"""

from __future__ import annotations

from django.utils import timezone

from incidents.models import Membership, ToCompare


def ask_again(*incidents: int) -> None:
    """Have incidents compared soon: a row for the first report of each, of which none is lost.

    The last step of the caller's transaction, that holds the incidents' locks.
    """
    members = Membership.objects.filter(incident__in=incidents, to_event=None)
    firsts = members.order_by("incident", "pk").distinct("incident")
    reports = sorted(firsts.values_list("report", flat=True))
    ToCompare.objects.bulk_create(
        [ToCompare(report_id=report, next_at=timezone.now()) for report in reports],
        update_conflicts=True,
        unique_fields=["report"],
        update_fields=["tries", "next_at"],
    )
