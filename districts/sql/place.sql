-- types: double precision, double precision, date, double precision, double precision, integer, bigint
-- What one pin lies in, and what crosses its circle. One statement, prepared once per connection.
-- $1 lon  $2 lat  $3 day  $4 accuracy in metres  $5 reach in metres (accuracy, or the sliver tolerance)
-- $6 metric SRID  $7 the edition of wards in force, or null
-- A row per piece that covers the pin and per owner with a border in reach; one last row with the
-- catalogue's version and the metres to the nearest border of a ward.
-- Areas and service areas come as ids: the caller holds them in memory. Assets may be a million.
-- OFFSET 0 keeps the planner from joining whole tables to what is always a handful of rows.
WITH pin AS MATERIALIZED (
    SELECT given.point, ST_SetSRID(ST_Transform(given.point, $6), 0) AS metric
    FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS point) AS given
),

bordering AS (
    SELECT border.area_id, border.asset_id, border.service_area_id, min(ST_Distance(border.line, pin.metric)) AS border_m
    FROM pin INNER JOIN districts_border AS border ON ST_DWithin(border.line, pin.metric, $5)
    GROUP BY border.area_id, border.asset_id, border.service_area_id
),

found AS (
    SELECT
        piece.area_id, piece.asset_id, piece.service_area_id,
        TRUE AS covers, NULL::double precision AS border_m, NULL::bytea AS around
    FROM pin INNER JOIN districts_piece AS piece ON ST_Covers(piece.shape, pin.point)
    UNION ALL
    SELECT
        bordering.area_id, bordering.asset_id, bordering.service_area_id,
        -- Pieces are cut with rounding: within a centimetre of the border the whole shape decides.
        CASE WHEN bordering.border_m < 0.01 THEN ST_Covers(near.shape, pin.point) END,
        bordering.border_m,
        CASE WHEN bordering.border_m < $4 THEN ST_AsBinary(
            ST_Translate(
                ST_SetSRID(ST_Transform(ST_Intersection(near.shape, near.box), $6), 0),
                -ST_X(pin.metric), -ST_Y(pin.metric)
            )
        ) END
    FROM pin CROSS JOIN bordering
    LEFT JOIN LATERAL (
        SELECT owner.shape, ST_Envelope(ST_Buffer(pin.point::geography, $4 * 1.5, 2)::geometry) AS box
        FROM (
            SELECT shape FROM districts_area WHERE id = bordering.area_id
            UNION ALL
            SELECT shape FROM districts_asset WHERE id = bordering.asset_id
            UNION ALL
            SELECT shape FROM districts_servicearea WHERE id = bordering.service_area_id
        ) AS owner
        WHERE bordering.border_m < greatest($4, 0.01)
        OFFSET 0
    ) AS near ON TRUE
)

SELECT
    found.area_id, found.service_area_id, asset.id, asset.kind, asset.code, asset.name, asset.owner_id,
    asset.maintainer_id, coalesce(asset.counts, TRUE), found.covers, found.border_m, found.around
FROM found
LEFT JOIN LATERAL (
    SELECT
        id, kind, code, name, owner_id,
        CASE WHEN coalesce(contract @> $3, TRUE) THEN maintainer_id END AS maintainer_id,
        superseded_at IS NULL AND valid @> $3 AS counts
    FROM districts_asset WHERE id = found.asset_id OFFSET 0
) AS asset ON TRUE
UNION ALL
SELECT
    NULL, NULL, (SELECT max(id) FROM districts_cataloguechange), NULL, NULL, NULL, NULL, NULL, FALSE, NULL,
    (
        SELECT ST_Distance(border.line, pin.metric) FROM districts_border AS border
        WHERE border.edition_id = $7 ORDER BY border.line <-> pin.metric LIMIT 1
    ),
    NULL
FROM pin
