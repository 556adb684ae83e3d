"""Who answers for what, read off what was done: past requests -> a rules file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

SOURCE = "Open Baltimore, 311 requests of 2014 to 2016: the agency that had most of each category"
HEAD = """\
# Who answers for what in Baltimore: for each category the agency that had most of its requests.
# Derived from every second row of a sample of the city's 311 requests; a starting point for the
# city to correct. How rules are read is told in the other city's file.

[[rule]]
code = "fallback"
basis = "fallback"
assign = "agency"
agency = "call-center"
source = "The call center passes on what nobody else answers for."
"""


def majorities(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each category the agency that had most; of equals the first by name."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for category, agency in pairs:
        counts[category][agency] += 1
    return {
        category: min(own, key=lambda agency: (-own[agency], agency))
        for category, own in counts.items()
    }


def rules_toml(chosen: Mapping[str, str]) -> str:
    """Return the rules file that says so."""
    of: defaultdict[str, list[str]] = defaultdict(list)
    for category, agency in chosen.items():
        of[agency].append(category)
    return HEAD + "".join(_rule(agency, sorted(of[agency])) for agency in sorted(of))


def _rule(agency: str, categories: list[str]) -> str:
    listed = "".join(f'    "{category}",\n' for category in categories)
    return (
        f'\n[[rule]]\ncode = "had-by-{agency}"\nbasis = "area"\nassign = "agency"\n'
        f'agency = "{agency}"\npriority = 50\ncategories = [\n{listed}]\nsource = "{SOURCE}"\n'
    )
