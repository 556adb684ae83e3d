"""What leaders and auditors read: figures, and the lists behind them."""

from incidents.figures.cases import Case, Page, page_of
from incidents.figures.intervals import Interval, Share, Stars
from incidents.figures.naming import By
from incidents.figures.overview import Overview, overview
from incidents.figures.periods import BadPeriod, Kind, Period, month_of, period_of, read_period
from incidents.figures.public import PublicResults, public_results
from incidents.figures.reporting import BYS, Reporting, ReportingLine, reporting
from incidents.figures.sanctions import SanctionFile, sanction_file
from incidents.figures.scope import Scope, read_scope
from incidents.figures.service_time import Solved, Waiting
from incidents.figures.tallies import Ages, Bucket, Line, Pair, Tally

__all__ = [
    "BYS",
    "Ages",
    "BadPeriod",
    "Bucket",
    "By",
    "Case",
    "Interval",
    "Kind",
    "Line",
    "Overview",
    "Page",
    "Pair",
    "Period",
    "PublicResults",
    "Reporting",
    "ReportingLine",
    "SanctionFile",
    "Scope",
    "Share",
    "Solved",
    "Stars",
    "Tally",
    "Waiting",
    "month_of",
    "overview",
    "page_of",
    "period_of",
    "public_results",
    "read_period",
    "read_scope",
    "reporting",
    "sanction_file",
]
