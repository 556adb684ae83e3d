"""The sentences of the catalogue's checks, in the reader's language."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext

from districts.catalogue_rows import Problem
from gis_core.errors import N_

_KINDS: Final = ("agency", "category", "rule", "sector")
"""As the models call themselves, whose names are translated."""
_SENTENCES: Final = [
    (r'names an unknown (?P<kind>[a-z ]+) "(?P<code>.*)"', N_('unknown %(kind)s "%(code)s"')),
    (r"certainty_threshold is .*", N_("the certainty wanted must be above 0 and at most 1")),
    (r"duplicate_radius_m and .*", N_("radius and days of duplicates must be above 0")),
    (r"working_days must .*", N_("the limit must be at least one working day")),
    (r"is above itself.*", N_("the agency would answer to itself")),
    (r"valid_from must be before valid_to", N_("the period ends before it begins")),
    (
        r'holds on days on which the agency "(?P<agency>.*)" does not exist',
        N_('the rule would hold on days on which the agency "%(agency)s" does not exist'),
    ),
    (
        r'a rule of basis "(?P<basis>.*)" assigns one of: (?P<allowed>.*)',
        N_('what decides is "%(basis)s", so who gets it must be one of: %(allowed)s'),
    ),
    (
        r'names an agency exactly when it assigns "agency"',
        N_("an agency is named when, and only when, the case goes to the agency named"),
    ),
    (
        r'names asset_kinds exactly when its basis is "asset"',
        N_("kinds of asset are named when, and only when, the asset decides"),
    ),
    (
        r'the area "(?P<area>.*)" must be written level:code.*',
        N_('the area "%(area)s" must be written with its level, such as ward:26740'),
    ),
    (
        r"a rule for wards needs valid_from.*",
        N_("a rule for wards needs its first day, because codes of wards are used again"),
    ),
    (
        r'no fallback rule gives everything, at all times, to "(?P<agency>.*)"',
        N_('one rule must give everything else, at all times, to "%(agency)s"'),
    ),
    (r"has no category", N_("the sector would have no category")),
    (r"a code is small letters.*", N_("a code is small letters, digits and hyphens")),
]


def line(problem: Problem) -> str:
    """Return what a check found, after the row in which it found it."""
    kind, _, code = problem.where.partition(" ")
    where = f"{gettext(kind)} {code}" if kind in _KINDS else problem.where
    return f"{where}: {said(problem.what)}" if where else said(problem.what)


def said(what: str) -> str:
    """Return what a check found as a sentence; one it does not know stays as it is."""
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, what):
            return gettext(sentence) % found.groupdict()
    return what
