-- The street or alley nearest to each of some places, where one is near enough to be named.
WITH place AS (
    SELECT number, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
    FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS p (lon, lat, number)
)

SELECT place.number, near.name
FROM place
CROSS JOIN LATERAL (
    SELECT p.name
    FROM districts_place AS p
    WHERE
        p.shape && ST_Expand(place.point, %(reach_m)s / 105000.0)
        AND p.kind IN ('street', 'alley')
    ORDER BY p.shape <-> place.point, p.id
    LIMIT 1
) AS near
