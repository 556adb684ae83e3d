-- types: double precision, double precision, date, double precision, double precision, double precision, double precision, integer, text, text, text
-- What one pin lies in, and what crosses its circle. One statement, prepared once per connection.
-- $1 lon  $2 lat  $3 day  $4 accuracy in metres  $5 reach in metres (accuracy, or the sliver tolerance)
-- $6 $7 the reach in degrees  $8 metric SRID  $9 territory  $10 ward level  $11 district level
WITH pin AS MATERIALIZED (
    SELECT
        given.point,
        ST_SetSRID(ST_Transform(given.point, $8), 0) AS metric,
        ST_Expand(given.point, $6, $7) AS box
    FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS point) AS given
),

-- In force on the day; for districts, which end with an edition, the last one before.
editions AS MATERIALIZED (
    SELECT DISTINCT ON (level) id, name, level, approximate, NOT valid @> $3 AS former
    FROM districts_edition
    WHERE
        published AND territory = $9 AND lower(valid) <= $3
        AND (level = $11 OR (level = $10 AND valid @> $3))
    ORDER BY level, lower(valid) DESC
),

covering AS (
    SELECT piece.area_id, piece.asset_id, piece.service_area_id, TRUE AS covers, NULL::float AS border_m
    FROM pin INNER JOIN districts_piece AS piece ON piece.shape && pin.point
    WHERE ST_Covers(piece.shape, pin.point)
),

bordering AS (
    SELECT border.area_id, border.asset_id, border.service_area_id, FALSE AS covers,
        ST_Distance(border.line, pin.metric) AS border_m
    FROM pin INNER JOIN districts_border AS border ON border.line && ST_Expand(pin.metric, $5)
    WHERE ST_DWithin(border.line, pin.metric, $5)
),

found AS (
    SELECT area_id, asset_id, service_area_id, bool_or(covers) AS covers, min(border_m) AS border_m
    FROM (SELECT * FROM covering UNION ALL SELECT * FROM bordering) AS every
    GROUP BY area_id, asset_id, service_area_id
),

owners AS (
    SELECT
        CASE WHEN edition.level = $10 THEN 'ward' ELSE 'district' END AS layer, area.id,
        area.code, area.name, area.kind, edition.name AS edition,
        edition.former, edition.approximate, committee.code AS first_agency, NULL AS second_agency,
        NULL::text[] AS categories, found.covers, found.border_m, area.shape
    FROM found
    INNER JOIN districts_area AS area ON found.area_id = area.id
    INNER JOIN editions AS edition ON area.edition_id = edition.id
    LEFT JOIN districts_agency AS committee ON area.committee_id = committee.id
    UNION ALL
    SELECT
        'asset', asset.id, asset.code, asset.name, asset.kind, NULL, NULL, NULL,
        owner.code, CASE WHEN coalesce(asset.contract @> $3, TRUE) THEN maintainer.code END,
        NULL, found.covers, found.border_m, asset.shape
    FROM found
    INNER JOIN districts_asset AS asset ON found.asset_id = asset.id
    LEFT JOIN districts_agency AS owner ON asset.owner_id = owner.id
    LEFT JOIN districts_agency AS maintainer ON asset.maintainer_id = maintainer.id
    WHERE asset.superseded_at IS NULL AND asset.valid @> $3
    UNION ALL
    SELECT
        'service_area', service.id, NULL, service.name, NULL, NULL, NULL, NULL,
        agency.code, NULL, service.categories::text[], found.covers, found.border_m, service.shape
    FROM found
    INNER JOIN districts_servicearea AS service ON found.service_area_id = service.id
    INNER JOIN districts_agency AS agency ON service.agency_id = agency.id
    WHERE service.superseded_at IS NULL AND service.valid @> $3
)

SELECT
    layer, id, code, name, kind, edition, former, approximate, first_agency, second_agency, categories,
    -- Pieces are cut with rounding: within a centimetre of the border the whole shape is asked.
    CASE WHEN border_m < 0.01 THEN ST_Covers(shape, pin.point) ELSE covers END AS covers,
    border_m,
    CASE
        WHEN border_m < $4
            THEN ST_AsBinary(ST_Translate(ST_SetSRID(ST_Transform(ST_Intersection(shape, pin.box), $8), 0),
                -ST_X(pin.metric), -ST_Y(pin.metric)))
    END AS around
FROM owners CROSS JOIN pin
UNION ALL
SELECT
    'margin', (SELECT coalesce(max(id), 0) FROM districts_cataloguechange), NULL, NULL, NULL,
    edition.name, NULL, edition.approximate, NULL, NULL, NULL, NULL,
    (
        SELECT ST_Distance(border.line, pin.metric) FROM districts_border AS border
        WHERE border.edition_id = edition.id ORDER BY border.line <-> pin.metric LIMIT 1
    ),
    NULL
FROM pin LEFT JOIN editions AS edition ON edition.level = $10
ORDER BY 1, 3, 2
