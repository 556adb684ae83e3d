"""What people said, the things in the street, and everything that happened to them."""

from incidents.models.decision import Decision
from incidents.models.decreed_day import DecreedDay
from incidents.models.event import Event
from incidents.models.incident import Incident
from incidents.models.membership import Membership
from incidents.models.missed_read import MissedRead
from incidents.models.notice import Notice, NoticeState
from incidents.models.photo import Photo
from incidents.models.rejoining import IncidentArea, Rejoining
from incidents.models.report import Contact, Report
from incidents.models.staff import Staff

__all__ = [
    "Contact",
    "Decision",
    "DecreedDay",
    "Event",
    "Incident",
    "IncidentArea",
    "Membership",
    "MissedRead",
    "Notice",
    "NoticeState",
    "Photo",
    "Rejoining",
    "Report",
    "Staff",
]
