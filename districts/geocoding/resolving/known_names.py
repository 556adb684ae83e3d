"""The gazetteer's names by key, as one version of the catalogue has them; the last ones kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from districts.geocoding import gazetteer
from districts.geocoding.gazetteer import NameHit
from districts.geocoding.resolving.kept import Kept

KEPT = 10_000
"""Keys in memory: most are no name and hold nothing."""

Hits = tuple[NameHit, ...]


class KnownNames:
    """Names that texts asked for. Places come as the gazetteer orders them."""

    def __init__(self) -> None:
        """Start with none."""
        self._named: Kept[str, Hits] = Kept(KEPT)
        self._close: Kept[str, Hits] = Kept(KEPT)

    def named(self, keys: Iterable[str]) -> dict[str, Hits]:
        """Return by key the places that bear the name."""
        return self._named.of(keys, lambda asked: _by_key(asked, gazetteer.named(asked)))

    def close_to(self, keys: Iterable[str]) -> dict[str, Hits]:
        """Return by key the places whose name is a typo or two away."""
        return self._close.of(keys, lambda asked: _by_key(asked, gazetteer.close_to(asked)))


@lru_cache(maxsize=1)
def known_names(version: int) -> KnownNames:  # noqa: ARG001  a new gazetteer has other names
    """Return the names in memory; those of an older version are forgotten."""
    return KnownNames()


def _by_key(keys: Sequence[str], hits: Iterable[NameHit]) -> Mapping[str, Hits]:
    groups = defaultdict(list)
    for hit in hits:
        groups[hit.asked].append(hit)
    return {key: tuple(groups.get(key, ())) for key in keys}
