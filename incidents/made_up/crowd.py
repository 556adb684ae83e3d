"""A made-up crowd of any size, to try the site under load; each report says that it is made up.

Streets are drawn inside the wards in force, reports are spread over five years, placed on today's
wards and service areas, routed by today's rules. Assets are left out, and what lies before the
wards' first day is placed as if on it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.contrib.auth.models import User
from django.utils import timezone
from numpy.random import Generator
from numpy.typing import NDArray

from districts import city, rulebook
from districts.models import Agency, AgencyClass, Category
from gis_core import binary_rows
from gis_core.cell_codes import cell_codes
from incidents import codes, deadline_rules, evidence
from incidents.deadlines import Limit
from incidents.made_up import crowd_clocks, crowd_custodies, crowd_fates, crowd_places, crowd_routes
from incidents.made_up.crowd_custodies import ENDINGS, Afterwards, Custodies, Opinions
from incidents.made_up.crowd_fates import NEVER, STATUSES, Fates
from incidents.made_up.crowd_places import Reports
from incidents.made_up.crowd_routes import Routed
from incidents.made_up.demo import REASON, NoWards
from incidents.models import Report
from incidents.services.crowding import CrowdFacts, CrowdRows, remove_crowd, store_crowd

CHANNEL: Final = "demo-crowd"
ACCURACIES_M: Final = (5.0, 10.0, 25.0)
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everything about the incidents, as arrays of one length, and their decisions."""

    reports: Reports
    accuracy_m: NDArray[np.float64]
    categories: Sequence[str]
    number: NDArray[np.int64]
    """Of each one's decision in ``routed``."""
    routed: Sequence[Routed]
    fates: Fates
    past: Past
    codes: NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Past:
    """Who held the incidents under which limits, and what people thought of it."""

    agencies: Sequence[int]
    """Ids, in the order in which custodies number them."""
    limits: Sequence[Limit]
    custodies: Custodies
    afterwards: Afterwards
    opinions: Opinions
    forward_limit: Limit | None
    """What the service allows itself to give a report to an agency."""


def make(many: int, seed: int, tell: Tell = lambda _: None) -> int:
    """Make ``many`` incidents, in one transaction; return how many were made.

    The same seed makes the same crowd, counted back from today. Nothing is made where a crowd is
    there already. Raises NoWards, NoRule.
    """
    if Report.objects.filter(channel=CHANNEL).exists() or many < 1:
        return 0
    edition = _edition()
    now = timezone.localtime(timezone=ZoneInfo(city.current().time_zone))
    crowd = _draw(many, np.random.default_rng(seed), edition, now, tell)
    tell("writing")
    operator = User.objects.filter(username="operator").values_list("pk", flat=True).first()
    store_crowd(
        CrowdRows(_rows(crowd), _custodies(crowd), _routes(crowd.routed)),
        CrowdFacts(
            many=many,
            channel=CHANNEL,
            reason=REASON,
            zone=city.current().time_zone,
            since=edition.valid_from or date.min,
            operator=operator,
            categories=crowd.categories,
            statuses=STATUSES,
            endings=ENDINGS,
            limits=[
                (one.amount.total_seconds(), one.runs.value, one.rule, one.version)
                for one in crowd.past.limits
            ],
            forward=crowd.past.forward_limit.amount if crowd.past.forward_limit else None,
        ),
    )
    return many


def remove(tell: Tell = lambda _: None) -> int:
    """Take the crowd away with all that came of it; return how many reports it had."""
    many = Report.objects.filter(channel=CHANNEL).count()
    return remove_crowd(CHANNEL, many, tell) if many else 0


def _edition() -> rulebook.EditionFacts:
    town = city.current()
    book = rulebook.current()
    edition = book.in_force(town.territory, town.ward_level, timezone.localdate())
    if edition is None:
        raise NoWards
    return edition


def _draw(
    many: int, chance: Generator, edition: rulebook.EditionFacts, now: datetime, tell: Tell
) -> Crowd:
    tell("drawing streets and reports")
    rows = list(Category.objects.filter(active=True).order_by("code"))
    categories = [row.code for row in rows]
    here = crowd_routes.ground(edition, now.date())
    streets = crowd_places.draw_streets(here.wards.shapes, chance)
    reports = crowd_routes.inside_only(
        crowd_places.draw_reports(streets, categories, many, now, chance), here.wards
    )
    accuracy_m = chance.choice(ACCURACIES_M, many)
    tell("placing and routing")
    number, routed = crowd_routes.route_all(reports, accuracy_m, categories, here, now.date())
    fates, past = _past(_Case(reports, rows, number, routed), now, chance)
    return Crowd(reports, accuracy_m, categories, number, routed, fates, past, _codes(many, chance))


@dataclass(frozen=True, slots=True)
class _Case:
    reports: Reports
    categories: Sequence[Category]
    number: NDArray[np.int64]
    routed: Sequence[Routed]


def _past(case: _Case, now: datetime, chance: Generator) -> tuple[Fates, Past]:
    """Return what became of the incidents, and in whose hands."""
    reports, until = case.reports, int(now.timestamp())
    here = list(Agency.objects.order_by("code"))
    position = {agency.code: at for at, agency in enumerate(here)}
    agency = np.array([position[one.decision.agency] for one in case.routed])[case.number]
    busy = np.bincount(agency, minlength=len(here)) / len(agency)
    works = [at for at, one in enumerate(here) if one.agency_class == AgencyClass.UTILITY]
    ways = crowd_custodies.draw_ways(busy, np.array(works or [0]), chance)
    triage = np.array([one.decision.needs_triage for one in case.routed])[case.number]
    usual = np.array([row.working_days for row in case.categories], float)[reports.category]
    fates = crowd_fates.draw_fates(
        reports.seconds, triage, usual * ways.pace[agency], until, chance
    )
    ready = np.where(fates.chosen != NEVER, fates.chosen, reports.seconds)
    held = crowd_custodies.draw_custodies(ready, agency, fates, ways, until, chance)
    limits = [deadline_rules.rules().limit(row, now.date()) for row in case.categories]
    first = datetime.fromtimestamp(int(reports.seconds[0]), now.tzinfo).date()
    days = crowd_clocks.days(deadline_rules.calendar(), first, now.date())
    told = crowd_custodies.draw_afterwards(
        held,
        crowd_clocks.Reckoning(reports.category[held.incident], crowd_clocks.limits(limits), days),
        ways,
        chance,
    )
    opinions = crowd_custodies.draw_opinions(held, told.used, fates, ways, until, chance)
    forward = deadline_rules.rules().forward_limit(now.date())
    return fates, Past([one.pk for one in here], limits, held, told, opinions, forward)


def _codes(many: int, chance: Generator) -> NDArray[np.bytes_]:
    """Return tracking codes that nobody has."""
    signs = np.array([sign.encode() for sign in codes.ALPHABET])
    taken = np.array([code.encode() for code in Report.objects.values_list("code", flat=True)])
    free: NDArray[np.bytes_] = np.array([], f"S{codes.LENGTH}")
    while len(free) < many:
        drawn = signs[chance.integers(0, len(signs), (many - len(free), codes.LENGTH))]
        words = np.concatenate((free, drawn.view(free.dtype).ravel()))
        _, first = np.unique(words.view(">u8"), return_index=True)
        free = words[np.sort(first)]
        free = free[~np.isin(free, taken)] if len(taken) else free
    return free


def _rows(crowd: Crowd) -> Iterator[IO[bytes]]:
    """Yield the rows of the table ``crowd_drawn``, some at a time."""
    reports, fates = crowd.reports, crowd.fates
    chosen, said = fates.chosen != NEVER, crowd.past.opinions
    moments = (
        reports.seconds, fates.approved, fates.chosen, fates.began, fates.claimed, fates.ended,
        said.at,
    )  # fmt: skip
    return binary_rows.files(
        (
            np.arange(len(chosen)),
            reports.lons,
            reports.lats,
            crowd.accuracy_m,
            cell_codes(reports.lons, reports.lats),
            reports.category,
            fates.status,
            crowd.number,
            crowd.codes,
            *(_when(moment) for moment in moments),
            said.stars,
            np.where(chosen, np.cumsum(chosen) - 1, NEVER),
        )
    )


def _custodies(crowd: Crowd) -> Iterator[IO[bytes]]:
    """Yield the rows of the table ``crowd_custody``, some at a time."""
    held, told = crowd.past.custodies, crowd.past.afterwards
    ids = np.array([*crowd.past.agencies, NEVER], np.int64)
    taken = np.isin(held.from_slot, crowd_custodies.TAKEN)
    limit = crowd.past.forward_limit
    limit_s = limit.amount.total_seconds() if limit else None
    forwarded = crowd_custodies.forwarded(held, crowd.reports.seconds, limit_s)
    return binary_rows.files(
        (
            held.incident,
            crowd.reports.category[held.incident],
            ids[held.agency],
            ids[held.contractor],
            _when(held.began),
            _when(held.ended),
            held.ending,
            _when(held.reopened),
            _when(told.promised),
            _when(told.due),
            told.used,
            forwarded,
            told.proven,
            held.from_slot,
            held.to_slot,
            np.where(taken, np.cumsum(taken) - 1, NEVER),
        )
    )


def _when(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    return binary_rows.moments(seconds, never=NEVER)


def _routes(routed: Iterable[Routed]) -> io.StringIO:
    """Return the rows of the table ``crowd_route`` as CSV."""
    agencies = dict(Agency.objects.values_list("code", "pk"))
    file = io.StringIO()
    writer = csv.writer(file)
    for number, one in enumerate(routed):
        writer.writerow("\\N" if cell is None else cell for cell in _route(number, one, agencies))
    file.seek(0)
    return file


def _route(number: int, one: Routed, agencies: dict[str, int]) -> list[Any]:
    here, decision, why = one.placement.here, one.decision, one.explanation
    return [
        number,
        here.ward.id if here.ward else None,
        here.district.id if here.district else None,
        agencies[decision.agency],
        decision.agency,
        decision.claim.rule_id or None,
        decision.claim.basis.value,
        decision.certainty,
        decision.threshold,
        decision.needs_triage,
        decision.check_after,
        why.because["vi"],
        why.because["en"],
        why.question.get("vi", ""),
        why.question.get("en", ""),
        json.dumps([evidence.of_candidate(claim) for claim in decision.candidates]),
        json.dumps(evidence.of_placement(one.placement)),
    ]
