-- How many metres of street and alley lie in each ward of an edition, as one gazetteer has them: of
-- several the one that has most there, for the same street in two of them is one street.
SELECT code, max(metres)
FROM (
    SELECT
        a.code,
        sum(
            ST_Length(
                ST_Transform(
                    CASE
                        WHEN ST_CoveredBy(p.shape, a.shape) THEN p.shape
                        ELSE ST_Intersection(p.shape, a.shape)
                    END,
                    %(srid)s
                )
            )
        ) AS metres
    FROM districts_area AS a
    INNER JOIN districts_place AS p ON ST_Intersects(a.shape, p.shape)
    WHERE a.edition_id = %(edition)s AND p.kind = ANY(%(kinds)s)
    GROUP BY a.code, p.gazetteer_id
) AS by_gazetteer
GROUP BY code
