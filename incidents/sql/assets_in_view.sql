-- The assets of today in a box: what of each lies in it, and a point on that.
SELECT a.id, a.kind, a.code, a.name, ST_AsGeoJSON(seen.shape, 6), ST_X(seen.point), ST_Y(seen.point)
FROM districts_asset AS a
CROSS JOIN LATERAL (
    SELECT clipped.shape, ST_PointOnSurface(clipped.shape) AS point
    FROM (
        SELECT
            ST_CollectionExtract(
                ST_Intersection(
                    a.shape,
                    ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
                ), 3
            ) AS shape
    ) AS clipped
) AS seen
WHERE
    a.superseded_at IS NULL
    AND a.shape && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
    AND NOT ST_IsEmpty(seen.shape)
LIMIT %(most)s
