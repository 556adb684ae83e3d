"""What makes two incidents alike, in words: each factor as a sentence, and how much it weighs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from incidents.duplicates.likeness import Factor
from incidents.duplicates.photos import NEAR, SAME
from map_ui import catalogue

WIDEST: Final = 9.0
"""Log odds that fill one half of a bar."""
WEIGHTLESS: Final = 0.05
"""Log odds below which a fact says nothing either way."""
HOUR: Final = 1 / 24

NAMES: Final[Mapping[str, str | Promise]] = {
    "before": _("Beforehand"),
    "distance": _("Distance"),
    "days": _("Time"),
    "days since closing": _("Closed"),
    "category": _("Category"),
    "wording": _("Words"),
    "address": _("Address"),
    "photos": _("Photos"),
    "asset": _("Asset"),
    "reporter": _("Reporter"),
}


@dataclass(frozen=True, slots=True)
class ShownFactor:
    """A line of the table: what was compared, what was found, and what that weighs."""

    code: str
    name: str
    found: str
    log_odds: float
    weighs: str
    """How many times likelier it makes that both are one thing, or less likely."""

    @property
    def speaks_for(self) -> bool:
        """Whether it speaks for one thing."""
        return self.log_odds > 0

    @property
    def bar(self) -> str:
        """The bar's length in hundredths of a half, as SVG writes numbers."""
        return f"{100 * min(abs(self.log_odds), WIDEST) / WIDEST:.1f}"

    @property
    def begins(self) -> str:
        """Where the bar begins, from the left end of both halves."""
        return "100" if self.speaks_for else f"{100 - float(self.bar):.1f}"


def shown_factors(factors: Iterable[Factor]) -> list[ShownFactor]:
    """Return the factors that say something, what weighs most first; what was before all last."""
    telling = [one for one in factors if abs(one.log_odds) >= WEIGHTLESS]
    lines = [_line(one) for one in telling]
    return sorted(lines, key=lambda one: (one.code == "before", -abs(one.log_odds)))


def percent_words(probability: float) -> str:
    """Return a probability in whole percent; never a certainty."""
    return f"{number_format(min(max(round(probability * 100), 1), 99), 0)}%"


def metres_words(metres: float) -> str:
    """Return a distance as people say it: "12 m", "1,2 km"."""
    if metres < 1000:
        return gettext("%(n)s m") % {"n": number_format(round(metres), 0)}
    return gettext("%(n)s km") % {"n": number_format(metres / 1000, 1)}


def apart_words(days: float) -> str:
    """Return a time between two things in minutes, hours or days."""
    if days < HOUR:
        n = round(days * 24 * 60)
        return ngettext("%(n)s minute apart", "%(n)s minutes apart", n) % {"n": n}
    if days < 2:
        n = round(days * 24)
        return ngettext("%(n)s hour apart", "%(n)s hours apart", n) % {"n": n}
    n = round(days)
    return ngettext("%(n)s day apart", "%(n)s days apart", n) % {"n": n}


def _line(factor: Factor) -> ShownFactor:
    told = _TOLD.get(factor.name)
    return ShownFactor(
        code=factor.name,
        name=str(NAMES.get(factor.name, factor.name)),
        found=told(factor.value) if told else str(factor.value),
        log_odds=factor.log_odds,
        weighs=_weighs(factor.log_odds),
    )


def _weighs(log_odds: float) -> str:
    times = math.exp(min(abs(log_odds), WIDEST))
    digits = 0 if times >= 10 or round(times, 1).is_integer() else 1
    said = number_format(round(times, digits), digits)
    words = gettext("%(n)s times likelier") if log_odds > 0 else gettext("%(n)s times less likely")
    return words % {"n": said}


def _before(value: object) -> str:
    share = percent_words(float(str(value)))
    return gettext("Of all reports %(share)s tell of something reported before") % {"share": share}


def _distance(value: object) -> str:
    return gettext("%(distance)s apart") % {"distance": metres_words(float(str(value)))}


def _days(value: object) -> str:
    return apart_words(float(str(value)))


def _closing(value: object) -> str:
    days = round(float(str(value)))
    words = ngettext(
        "the earlier one was closed %(n)s day before",
        "the earlier one was closed %(n)s days before",
        days,
    )
    return words % {"n": days}


def _category(value: object) -> str:
    one, _comma, other = str(value).partition(", ")
    if one == other:
        return gettext("the same category, another kind")
    names = [catalogue.category(code)["name"] for code in (one, other)]
    return gettext("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}


def _wording(value: object) -> str:
    share = number_format(round(float(str(value)) * 100), 0)
    return gettext("the words agree to %(share)s%%") % {"share": share}


def _photos(value: object) -> str:
    bits = int(float(str(value)))
    if bits <= SAME:
        return gettext("the same photo")
    return gettext("photos that look alike") if bits <= NEAR else gettext("other photos")


def _asset(value: object) -> str:
    same = value == "same"
    return gettext("the same thing on the map") if same else gettext("another thing on the map")


_TOLD: Final[Mapping[str, Callable[[object], str]]] = {
    "before": _before,
    "distance": _distance,
    "days": _days,
    "days since closing": _closing,
    "category": _category,
    "wording": _wording,
    "address": lambda _value: gettext("the same address"),
    "photos": _photos,
    "asset": _asset,
    "reporter": lambda _value: gettext("the same person"),
}
