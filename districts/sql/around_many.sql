-- What covers many pins, apart from areas; and which pins need the whole statement of place.sql
-- because a border crosses their circle, or lies so near that pieces, cut with rounding, may err.
-- A row per pin and thing that covers it; a row with nothing but the pin's number where it is near.
-- OFFSET 0 keeps the planner from joining whole tables to what is a handful of rows a pin.
WITH pins AS MATERIALIZED (
    SELECT given.n, given.day, given.reach, ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4326) AS point
    FROM unnest(
        %(lons)s::double precision[], %(lats)s::double precision[],
        %(days)s::date[], %(reaches)s::double precision[]
    ) WITH ORDINALITY AS given (lon, lat, day, reach, n)
),

near AS (
    SELECT pins.n
    FROM pins
    WHERE EXISTS (
        SELECT FROM districts_border AS border
        WHERE ST_DWithin(border.line, ST_SetSRID(ST_Transform(pins.point, %(srid)s), 0), pins.reach)
    )
)

SELECT
    pins.n, TRUE AS covers, covering.service_area_id,
    asset.id, asset.kind, asset.code, asset.name, asset.owner_id, asset.maintainer_id
FROM pins
CROSS JOIN LATERAL (
    SELECT DISTINCT piece.asset_id, piece.service_area_id
    FROM districts_piece AS piece
    WHERE piece.area_id IS NULL AND ST_Covers(piece.shape, pins.point)
    OFFSET 0
) AS covering
LEFT JOIN LATERAL (
    SELECT
        id, kind, code, name, owner_id,
        CASE WHEN coalesce(contract @> pins.day, TRUE) THEN maintainer_id END AS maintainer_id
    FROM districts_asset
    WHERE id = covering.asset_id AND superseded_at IS NULL AND valid @> pins.day
    OFFSET 0
) AS asset ON TRUE
UNION ALL
SELECT near.n, FALSE, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM near
