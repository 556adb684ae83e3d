-- Derive what a pin is compared with: small pieces in degrees, short borders in the city's metres.
WITH shapes AS MATERIALIZED (
    SELECT edition_id, id AS area_id, NULL::bigint AS asset_id, NULL::bigint AS service_area_id, shape
    FROM districts_area WHERE edition_id = %(edition)s
    UNION ALL
    SELECT NULL, NULL, id, NULL, shape FROM districts_asset WHERE id = ANY(%(assets)s::bigint[])
    UNION ALL
    SELECT NULL, NULL, NULL, id, shape
    FROM districts_servicearea WHERE id = ANY(%(service_areas)s::bigint[])
),

pieces AS (
    INSERT INTO districts_piece (edition_id, area_id, asset_id, service_area_id, shape)
    SELECT edition_id, area_id, asset_id, service_area_id, ST_Subdivide(shape, 32) FROM shapes
)

-- A straight edge in degrees is not straight in metres: cut to 0.001 degrees it is, within 0.1 mm.
INSERT INTO districts_border (edition_id, area_id, asset_id, service_area_id, line)
SELECT edition_id, area_id, asset_id, service_area_id, ST_SetSRID(ST_Transform(part.geom, %(srid)s), 0)
FROM (
    SELECT
        edition_id, area_id, asset_id, service_area_id,
        ST_Subdivide(ST_Segmentize(ST_Boundary(shape), 0.001), 16) AS line
    FROM shapes
) AS cut, LATERAL ST_Dump(cut.line) AS part
WHERE ST_Dimension(part.geom) = 1
