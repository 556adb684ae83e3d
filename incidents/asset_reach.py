"""How near an asset an incident must be to be about it. Pure."""

from __future__ import annotations

from typing import Final

TOLERANCE_M: Final = 15.0
"""How far beside an asset's shape a telephone's position still means the asset."""
WIDEST_M: Final = 60.0
