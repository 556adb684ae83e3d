"""Things in streets, and people who report them: a made-up year with the truth known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gis_core.names import folded
from gis_core.positions import LonLat
from incidents.duplicates import wording
from incidents.duplicates.likeness import Case
from tests.duplicates_world.streets import Line, moved, somewhere

DAY = timedelta(days=1)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)

# How many of a hundred things; days until repaired; half-life of reporting in days; what people
# write; what it is filed under by mistake.
CATEGORIES = {
    "pothole": (22, 25, 10, "ổ gà to giữa đường", "road-subsidence"),
    "street-lamp-out": (14, 20, 8, "đèn đường không sáng tối quá", "lighting-missing"),
    "litter": (18, 6, 3, "rác chất đống bốc mùi", "construction-waste"),
    "blocked-drain": (10, 12, 5, "cống nghẹt nước không thoát", "flooding"),
    "fallen-tree": (6, 2, 0.5, "cây đổ chắn ngang", "dangerous-branch"),
    "manhole-cover": (6, 6, 3, "nắp hố ga mất nắp nguy hiểm", "manhole-cover"),
    "flooding": (5, 0.6, 0.15, "ngập nước xe chết máy", "blocked-drain"),
    "sidewalk-damage": (12, 40, 20, "vỉa hè hư gạch bong", "pothole"),
    "water-leak": (7, 4, 2, "ống nước vỡ chảy tràn", "no-water"),
}
# The radius that a channel claims in metres; how often people come by it.
CHANNELS = {"app": (8, 50), "pin": (25, 30), "geocoded": (60, 14), "described": (200, 6)}
DETAILS = (
    "trước cổng trường học", "cạnh quán cà phê", "đối diện chợ", "gần trạm xe buýt", "đầu hẻm",
    "trước nhà thuốc", "sát chân cầu", "ngay ngã tư", "trước ngân hàng", "cạnh cây xăng",
    "kế bên công viên", "trước chung cư", "gần bệnh viện", "cạnh tiệm bánh", "trước ủy ban",
    "sau nhà thờ", "gần chùa", "trước tiệm vàng", "cạnh bãi xe", "đối diện khách sạn",
)  # fmt: skip
FILLERS = ("nhờ xử lý gấp", "mấy ngày rồi", "rất nguy hiểm", "đề nghị kiểm tra", "mong sớm sửa")


@dataclass(frozen=True)
class Told:
    """A report, the thing it is truly about, and through which channel it came."""

    case: Case
    thing: int
    channel: str


def world(lines: list[Line], things: int, seed: int, days: float = 365) -> list[Told]:
    """Return the reports of a made-up time, in their order."""
    rng = random.Random(seed)
    told: list[Told] = []
    for thing in range(things):
        told += _thing(lines, thing, rng, days)
    return sorted(told, key=lambda one: (one.case.opened, one.case.id))


def _thing(lines: list[Line], thing: int, rng: random.Random, days: float) -> list[Told]:
    category = rng.choices(list(CATEGORIES), [row[0] for row in CATEGORIES.values()])[0]
    _, lasting, half, *_ = CATEGORIES[category]
    here, detail = somewhere(lines, rng), rng.sample(DETAILS, 2)
    began = BEGIN + rng.random() * days * DAY
    ended = began + rng.expovariate(1 / lasting) * DAY + 0.02 * DAY
    people = 1
    while rng.random() < 0.35 and people < 12:
        people += 1
    delays = [0.0] + [rng.expovariate(0.69 / half) for _ in range(people - 1)]
    moments = [began + delay * DAY for delay in delays]
    return [
        _told((thing, n), category, here, (when, ended), detail, rng)
        for n, when in enumerate(moments)
        if when < ended
    ]


def _told(
    which: tuple[int, int], category: str, here: LonLat,
    times: tuple[datetime, datetime], detail: list[str], rng: random.Random,
) -> Told:  # fmt: skip
    channel = rng.choices(list(CHANNELS), [row[1] for row in CHANNELS.values()])[0]
    radius = CHANNELS[channel][0]
    filed = CATEGORIES[category][4] if rng.random() < 0.06 else category
    case = Case(
        id=f"{which[0]}-{which[1]}",
        category=filed,
        lonlat=moved(here, radius, rng),
        accuracy_m=radius,
        opened=times[0],
        closed=times[1],
        words=wording.words(_text(category, detail, rng)),
    )
    return Told(case, which[0], channel)


def _text(category: str, detail: list[str], rng: random.Random) -> str:
    if rng.random() < 0.2:
        return ""
    said = [CATEGORIES[category][3]]
    said += [one for one in detail if rng.random() < 0.5]
    said += [rng.choice(FILLERS)] if rng.random() < 0.6 else []
    text = " ".join(said)
    if rng.random() < 0.4:
        text = folded(text)
    words = text.split()
    if rng.random() < 0.3:
        words.pop(rng.randrange(len(words)))
    return " ".join(words)
