-- Incidents that may be about some assets: within what a position may err of their whole shapes,
-- roughly. Pieces of few corners, for the index knows boxes only, and a river's is the city.
WITH about AS MATERIALIZED (
    SELECT ST_Buffer(shape, %(widest_m)s / 105000.0, 'quad_segs=2') AS shape
    FROM districts_asset
    WHERE id = ANY(%(assets)s)
)

SELECT i.id
FROM about
CROSS JOIN LATERAL ST_Subdivide(about.shape, 32) AS piece
INNER JOIN incidents_incident AS i ON ST_Intersects(i.position, piece)
WHERE
    (%(since)s::timestamptz IS NULL OR i.opened_at >= %(since)s)
    AND (%(before)s::timestamptz IS NULL OR i.opened_at < %(before)s)
LIMIT %(most)s
