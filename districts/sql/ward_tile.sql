-- The wards of one edition in one tile, and their names' places. The tile is transformed for the
-- comparison, not the column, so that the GiST index serves.
WITH bounds AS (
    SELECT
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS mercator,
        ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326) AS exact,
        ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625), 4326) AS wider
),

near AS MATERIALIZED (
    SELECT
        a.code,
        a.name,
        concat_ws(' ', nullif(a.kind, ''), a.name) AS full_name,
        e.approximate,
        a.shape,
        a.label_point
    FROM districts_area AS a
    INNER JOIN bounds AS b ON a.shape && b.wider
    INNER JOIN districts_edition AS e ON a.edition_id = e.id
    WHERE a.edition_id = %(edition)s
),

polygons AS (
    SELECT
        n.code,
        n.name,
        n.full_name,
        n.approximate,
        ST_AsMVTGeom(ST_Transform(n.shape, 3857), b.mercator, 4096, 128, TRUE) AS geom
    FROM near AS n
    CROSS JOIN bounds AS b
),

labels AS (
    SELECT
        n.code,
        n.name,
        n.full_name,
        n.approximate,
        ST_AsMVTGeom(ST_Transform(n.label_point, 3857), b.mercator, 4096, 0, FALSE) AS geom
    FROM near AS n
    INNER JOIN bounds AS b ON n.label_point && b.exact
)

SELECT
    coalesce(
        (SELECT ST_AsMVT(polygons, 'wards', 4096, 'geom') FROM polygons WHERE geom IS NOT NULL),
        ''::bytea
    )
    || coalesce((SELECT ST_AsMVT(labels, 'ward_labels', 4096, 'geom') FROM labels), ''::bytea)
