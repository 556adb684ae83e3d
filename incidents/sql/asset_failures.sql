-- Of some incidents the asset of today that each is about: the one their own decision names, within
-- what a position may err, else the nearest within a tolerance.
SELECT DISTINCT ON (i.id) i.id, near.id
FROM incidents_incident AS i
LEFT JOIN incidents_decision AS d ON d.id = i.decision_id
CROSS JOIN LATERAL (
    SELECT
        a.id, a.code,
        coalesce(
            d.inputs -> 'here' -> 'assets'
            @> jsonb_build_array(jsonb_build_object('kind', a.kind, 'code', a.code)),
            FALSE
        ) AS named,
        ST_Distance(a.shape::geography, i.position::geography) AS apart_m
    FROM districts_asset AS a
    WHERE
        a.shape && ST_Expand(i.position, %(widest_m)s / 105000.0)
        AND a.superseded_at IS NULL
        AND a.kind = ANY(%(kinds)s)
) AS near
WHERE
    i.id = ANY(%(ids)s)
    AND near.apart_m <= CASE WHEN near.named THEN %(widest_m)s ELSE %(tolerance_m)s END
ORDER BY i.id, near.named DESC, near.apart_m, near.code, near.id
