"""What texts ask for from the first on, read before it: no later text waits for it."""

from __future__ import annotations

import gc
from functools import cache, lru_cache

from districts.geocoding import areas, crediting
from districts.geocoding.resolving import short_forms


@lru_cache(maxsize=1)
def warm(version: int) -> None:
    """Read what is kept of this version of the catalogue, once; then spare the collector from it.

    A look of the collector through all that is kept takes as long as twenty texts.
    """
    areas.known(version)
    crediting.read(version)
    short_forms.read(version)
    _freeze()


@cache
def _freeze() -> None:
    """Let the collector never look again through what there is now.

    Once a process: what a later version replaces must be found, as far as it refers to itself.
    """
    gc.freeze()
