-- The street or alley that each of some incidents lies on, where one is near enough to be named.
SELECT i.id, near.name
FROM incidents_incident AS i
CROSS JOIN LATERAL (
    SELECT p.name
    FROM districts_place AS p
    WHERE
        p.shape && ST_Expand(i.position, %(reach_m)s / 105000.0)
        AND p.kind IN ('street', 'alley')
    ORDER BY p.shape <-> i.position, p.id
    LIMIT 1
) AS near
WHERE i.id = ANY(%(ids)s) AND i.accuracy_m <= %(most_m)s
