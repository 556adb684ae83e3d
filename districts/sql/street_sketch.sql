-- The streets of a box, cut and simplified to what is seen, the main ones first and of equals the
-- longest: class, gazetteer, WKB. What shrinks to less than the tolerance is left out. A street
-- whose source tells no class, or one that is not known, stands in the middle.
SELECT
    array_position(%(classes)s::text[], tagged.class),
    place.gazetteer_id,
    ST_AsBinary(drawn.shape)
FROM districts_place AS place
CROSS JOIN LATERAL (SELECT split_part(place.sort, '/', 2) AS class) AS tagged
CROSS JOIN
    LATERAL (
        SELECT
            ST_Simplify(
                ST_ClipByBox2D(
                    place.shape,
                    ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
                ),
                %(tolerance)s
            ) AS shape
    ) AS drawn
WHERE
    place.kind = ANY(%(kinds)s)
    AND place.shape && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
    AND coalesce(array_position(%(classes)s::text[], tagged.class), %(middle)s) <= %(least)s
    AND ST_Length(drawn.shape) > %(tolerance)s
ORDER BY
    coalesce(array_position(%(classes)s::text[], tagged.class), %(middle)s),
    ST_Length(drawn.shape) DESC,
    place.id
LIMIT %(most)s;
