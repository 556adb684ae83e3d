"""The only writer of incidents' rows: lock, check, write, record, in one transaction a verb."""

from incidents.services.receiving import (
    NO_POSITION,
    Stored,
    open_incident,
    reject_report,
    store_report,
)
from incidents.services.reviewing import approve_report, assign, count_miss, decline_words

__all__ = [
    "NO_POSITION",
    "Stored",
    "approve_report",
    "assign",
    "count_miss",
    "decline_words",
    "open_incident",
    "reject_report",
    "store_report",
]
