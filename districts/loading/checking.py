"""The one way by which shapes are let in: every fault listed, or every shape sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from districts import city, soundness
from districts.soundness import Extent, Outline, Problem, Unsound


def let_in(
    outlines: Sequence[Outline],
    source: str,
    faults: Iterable[Problem] = (),
    *,
    repair: bool,
    tolerance_m2: float | None = None,
) -> tuple[list[Outline], list[Problem]]:
    """Return the outlines, mended where ``repair`` allows it, and a note for each repair.

    With a tolerance they must tile: no overlap and no gap above it. Raises Unsound with the faults
    known already and all that are found here.
    """
    here, sound = city.current(), list(outlines)
    repairs: list[Problem] = []
    if repair:
        sound, repairs = soundness.mended(outlines, here.metric_srid)
    problems = list(faults) if outlines else [Problem(soundness.NOTHING)]
    problems += soundness.shape_problems(sound, Extent(*here.extent))
    if tolerance_m2 is not None:
        problems += soundness.tiling_problems(sound, here.metric_srid, tolerance_m2)
    if problems:
        raise Unsound(source, problems)
    return sound, repairs
