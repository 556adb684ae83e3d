"""What an external geocoder is told: the words of the place, never the report. Pure.

A report may hold names and telephone numbers. Only what the grammar took for a street, a crossing
or a landmark is sent, cut where the name must have ended, and the areas by their own names.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from districts.geocoding.areas import AreaReading
from districts.geocoding.parsed import (
    Junction,
    Landmark,
    Mention,
    Parsed,
    Side,
    Street,
    Stretch,
    Token,
    Window,
)
from gis_core.names import folded

LONGEST_NAME = 5
"""Words of a street's or landmark's name that are sent at most."""
MOST_DIGITS = 3
"""In a word of a name: "Quốc lộ 13", "Tỉnh lộ 824"; a house number may have more."""
MOST_HOUSE_DIGITS = 5
TITLES = frozenset({
    "anh", "chi", "em", "bac", "di", "gap", "ten", "sdt", "dt", "tel", "lh", "lien", "goi", "zalo",
    "email", "facebook", "fb",
})  # fmt: skip
"""Words, folded, that stand before a person's name or number."""
NAMED_TITLES = frozenset({"ong", "ba", "co", "chu"})
"""Such words that begin names of streets too: "Bà Hạt", "Cô Giang"."""


def place_words(parsed: Parsed, areas: AreaReading, city: str) -> str:
    """Return what to ask for, "12 Lê Lợi, Phường 5, Quận 3, Hồ Chí Minh"; "" where no place is."""
    known = sorted(parsed.mentions, key=_order)
    place = next((words for one in known if (words := _of(parsed, one, areas))), "")
    if not place:
        return ""
    within = [one.full_name for one in areas.best.areas] if areas.best else []
    return ", ".join([place, *within, city])


def _order(mention: Mention) -> int:
    """Sort what is announced before what is only guessed."""
    match mention:
        case Street(cued=True):
            return 0
        case Junction() | Stretch():
            return 1
        case Street():
            return 2
    return 3


def _of(parsed: Parsed, mention: Mention, areas: AreaReading) -> str:
    match mention:
        case Street(name=name, cued=cued, house=house, alleys=alleys) if cued or house or alleys:
            number = "/".join([*alleys, *([house] if house else [])])
            words = _name(parsed, name, areas)
            return f"{number} {words}".strip() if words and _is_house(number) else ""
        case Junction(streets=streets):
            names = [_name(parsed, one, areas) for one in streets[:2]]
            return " & ".join(names) if all(names) and len({*names}) == len(names) else ""
        case Stretch(street=street):
            return _name(parsed, street, areas)
        case Landmark(name=name, cue=cue) if cue:
            words = _name(parsed, name, areas)
            return words if folded(words).startswith(cue) else f"{cue} {words}".strip()
    return ""


def _name(parsed: Parsed, window: Window, areas: AreaReading) -> str:
    """Return the words of a window that can be the name; "" where they cannot be sent."""
    numbers: Iterable[int] = range(window.first, window.last)
    backward = window.side == Side.END
    if backward:
        numbers = reversed(range(window.first, window.last))
    kept: list[int] = []
    for number in takewhile(lambda one: one not in areas.tokens, numbers):
        token = parsed.tokens[number]
        if _ends_name(token, len(kept), begins=token.parted and not backward):
            break
        kept.append(number)
        if len(kept) == LONGEST_NAME or (backward and token.parted):
            break
    words = [parsed.tokens[number].spelled for number in sorted(kept)]
    return " ".join(words) if any(word.isalpha() for word in words) else ""


def _ends_name(token: Token, before: int, *, begins: bool) -> bool:
    """Tell whether a name of so many words has ended before a token."""
    titled = token.folded in TITLES or (before > 1 and token.folded in NAMED_TITLES)
    private = sum(letter.isdigit() for letter in token.spelled) > MOST_DIGITS
    return (begins and before > 0) or titled or private or "@" in token.spelled


def _is_house(number: str) -> bool:
    return all(
        sum(letter.isdigit() for letter in part) <= MOST_HOUSE_DIGITS for part in number.split("/")
    )
