"""Wards computed from tables alone, for the time until the real boundaries can be fetched.

What the tables of the library ``vietnamadminunits`` know: of every former ward its bounding box, of
every new ward its middle and its official area, and which former wards became which new ones.
"""

from __future__ import annotations

import numpy as np

from districts.approximate.drawing import drawn
from districts.approximate.growing import WEIGHTS, Weights, grown, regions
from districts.approximate.tables import province_tables
from districts.records import AreaRecord
from gis_core.planes import to_degrees

CELL_M = 50.0


def approximate_wards(
    province: str, metric_srid: int, cell_m: float = CELL_M, weights: Weights = WEIGHTS
) -> list[AreaRecord]:
    """Return the wards of a province (as the library keys it) by code; they tile it soundly.

    Deterministic: the same tables give the same coordinates. Raises NoTables.
    """
    wards, boxes = province_tables(province, metric_srid)
    rasters = [grown(wards, boxes, region, cell_m, weights) for region in regions(boxes, cell_m)]
    shapes = to_degrees(drawn(rasters, [ward.area_m2 for ward in wards]), metric_srid)
    return [
        AreaRecord(ward.code, ward.name, "", ward.kind, None if shape.is_empty else shape)
        for ward, shape in zip(wards, np.atleast_1d(shapes), strict=True)
    ]
