-- types: text[], double precision, double precision, double precision, double precision, timestamptz, bigint, integer
-- What lies in a box of degrees, of some categories, open or closed since; the nearest of each.
SELECT
    i.id, i.category_id, ST_X(i.position), ST_Y(i.position), i.accuracy_m, i.opened_at,
    i.closed_at,
    (
        SELECT array_agg(said.text)
        FROM (
            SELECT r.text
            FROM incidents_membership AS m INNER JOIN incidents_report AS r ON r.id = m.report_id
            WHERE m.incident_id = i.id AND m.to_event_id IS NULL
            ORDER BY m.id
            LIMIT 3
        ) AS said
    )
FROM unnest($1) AS wanted (category)
CROSS JOIN LATERAL (
    SELECT c.id, c.category_id, c.position, c.accuracy_m, c.opened_at, c.closed_at
    FROM incidents_incident AS c
    WHERE
        c.category_id = wanted.category
        AND c.position && ST_MakeEnvelope($2 - $4, $3 - $5, $2 + $4, $3 + $5, 4326)
        AND coalesce(c.closed_at, 'infinity'::timestamptz) >= $6
        AND c.status <> 'rejected'
        AND c.id <> $7
    ORDER BY c.position <-> ST_SetSRID(ST_MakePoint($2, $3), 4326)
    LIMIT $8
) AS i
