-- types: double precision, double precision, double precision, text[]
-- The box of degrees is a little wider than the circle, so that the index serves.
WITH here AS (
    SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS point
),

near AS (
    SELECT place.*, ST_ClosestPoint(place.shape, here.point) AS closest, here.point AS asked
    FROM districts_place AS place, here
    WHERE place.shape && ST_Expand(here.point, $3 / (111000 * cos(radians($2))), $3 / 110000)
        AND place.kind = ANY($4)
)

SELECT id, kind, name, number, street_key, distance_m, ST_X(closest), ST_Y(closest), weight
FROM (
    SELECT near.*, ST_Distance(closest::geography, asked::geography) AS distance_m FROM near
) AS measured
WHERE distance_m <= $3
ORDER BY distance_m, id
