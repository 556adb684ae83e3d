"""The colours of analyses' classes: ColorBrewer's RdBu, YlOrBr and Dark2, for all eyes.

The same on a light and on a dark map. None stands alone: each place has its word in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLOURS: Final[Mapping[str, str]] = MappingProxyType({
    "hot_sure": "#b2182b", "hot": "#ef8a62", "cold": "#67a9cf", "cold_sure": "#2166ac",
    "high_high": "#b2182b", "high_low": "#ef8a62", "low_high": "#67a9cf", "low_low": "#2166ac",
    "new": "#d95f02", "intensifying": "#b2182b", "persistent": "#7b3294",
    "diminishing": "#1b9e77", "other": "#969696",
    "step_1": "#fee391", "step_2": "#fec44f", "step_3": "#fe9929", "step_4": "#ec7014",
    "step_5": "#cc4c02", "step_6": "#8c2d04",
    "cluster": "#b2182b", "some": "#fec44f",
    "appeared": "#b2182b", "gone": "#2166ac", "stayed": "#7b3294",
})  # fmt: skip
