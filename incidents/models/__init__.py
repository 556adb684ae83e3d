"""What people said, the things in the street, and everything that happened to them."""

from incidents.models.agency_notices import AgencyNotices
from incidents.models.alike import Pair, ToCompare, Verdict
from incidents.models.analysis import Analysis, Run, RunState
from incidents.models.columns import ColumnsEpoch
from incidents.models.custody import Custody
from incidents.models.decision import Decision
from incidents.models.decreed_day import DecreedDay
from incidents.models.desk import OwnArea, SavedFilter
from incidents.models.event import Event
from incidents.models.following import AreaAlert, Follower, PushSubscription, Rating
from incidents.models.incident import Incident
from incidents.models.link import Link, LoginCode
from incidents.models.membership import Membership
from incidents.models.missed_read import MissedRead
from incidents.models.notice import Notice, NoticeState
from incidents.models.photo import Photo
from incidents.models.rejoining import IncidentArea, Rejoining
from incidents.models.report import Contact, Report
from incidents.models.seal import DayDigest, Seal, Sealing
from incidents.models.staff import Staff
from incidents.models.work import Note, WorkPhoto

__all__ = [
    "AgencyNotices",
    "Analysis",
    "AreaAlert",
    "ColumnsEpoch",
    "Contact",
    "Custody",
    "DayDigest",
    "Decision",
    "DecreedDay",
    "Event",
    "Follower",
    "Incident",
    "IncidentArea",
    "Link",
    "LoginCode",
    "Membership",
    "MissedRead",
    "Note",
    "Notice",
    "NoticeState",
    "OwnArea",
    "Pair",
    "Photo",
    "PushSubscription",
    "Rating",
    "Rejoining",
    "Report",
    "Run",
    "RunState",
    "SavedFilter",
    "Seal",
    "Sealing",
    "Staff",
    "ToCompare",
    "Verdict",
    "WorkPhoto",
]
