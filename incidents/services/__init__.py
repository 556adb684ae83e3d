"""The only writer of incidents' rows: lock, check, write, record, in one transaction a verb."""

from incidents.services.importing import Opening, Past, earlier, import_batch
from incidents.services.locating import (
    Choice,
    leave_to_operator,
    locate_by_hand,
    locate_report,
    take_as_inquiry,
)
from incidents.services.progress import advance
from incidents.services.receiving import (
    Stored,
    fingerprint_of,
    open_incident,
    reject_report,
    store_report,
)
from incidents.services.removing import remove_made_up
from incidents.services.reviewing import approve_report, assign, count_miss, decline_words
from incidents.services.rows import NO_POSITION
from incidents.services.working import Said, take

__all__ = [
    "NO_POSITION",
    "Choice",
    "Opening",
    "Past",
    "Said",
    "Stored",
    "advance",
    "approve_report",
    "assign",
    "count_miss",
    "decline_words",
    "earlier",
    "fingerprint_of",
    "import_batch",
    "leave_to_operator",
    "locate_by_hand",
    "locate_report",
    "open_incident",
    "reject_report",
    "remove_made_up",
    "store_report",
    "take",
    "take_as_inquiry",
]
