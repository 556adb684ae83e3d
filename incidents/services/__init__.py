"""The only writer of incidents' rows: lock, check, write, record, in one transaction a verb."""

from incidents.said import CheckIn, Part, Said
from incidents.services.answering import confirm, dispute, rate
from incidents.services.changing import Change, Routed, change, declined_by, hand_on
from incidents.services.delegating import delegate, end_link
from incidents.services.giving import assign
from incidents.services.importing import Opening, Past, earlier, import_batch
from incidents.services.locating import (
    Choice,
    leave_to_operator,
    locate_by_hand,
    locate_report,
    take_as_inquiry,
)
from incidents.services.locking import locked_incident
from incidents.services.merging import BY_ITSELF, merge, merge_group
from incidents.services.noting import add_note
from incidents.services.promising import promise
from incidents.services.receiving import (
    Stored,
    fingerprint_of,
    is_stored,
    open_incident,
    reject_report,
    store_report,
)
from incidents.services.removing import remove_made_up
from incidents.services.reviewing import approve_report, count_miss, decline_words
from incidents.services.rows import NO_POSITION
from incidents.services.splitting import split
from incidents.services.taking_out import leaving, open_apart
from incidents.services.unmerging import undo
from incidents.services.verdicts import apart, later, look_again
from incidents.services.working import take

__all__ = [
    "BY_ITSELF",
    "NO_POSITION",
    "Change",
    "CheckIn",
    "Choice",
    "Opening",
    "Part",
    "Past",
    "Routed",
    "Said",
    "Stored",
    "add_note",
    "apart",
    "approve_report",
    "assign",
    "change",
    "confirm",
    "count_miss",
    "decline_words",
    "declined_by",
    "delegate",
    "dispute",
    "earlier",
    "end_link",
    "fingerprint_of",
    "hand_on",
    "import_batch",
    "is_stored",
    "later",
    "leave_to_operator",
    "leaving",
    "locate_by_hand",
    "locate_report",
    "locked_incident",
    "look_again",
    "merge",
    "merge_group",
    "open_apart",
    "open_incident",
    "promise",
    "rate",
    "reject_report",
    "remove_made_up",
    "split",
    "store_report",
    "take",
    "take_as_inquiry",
    "undo",
]
