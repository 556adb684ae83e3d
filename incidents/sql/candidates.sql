-- types: text[], double precision, double precision, double precision, double precision, timestamptz, bigint, integer
-- What lies in a box of degrees, of some categories, open or closed since, the nearest of each; a row
-- for each of its first reports, oldest first.
SELECT
    i.id, i.category_id, i.status, i.public, i.agency_id, i.ward_id, i.district_id,
    ST_X(i.position), ST_Y(i.position), i.accuracy_m, i.opened_at, i.closed_at,
    ST_X(r.position), ST_Y(r.position), r.accuracy_m, r.reported_at, r.text, r.address,
    coalesce(c.phone, ''), coalesce(c.email, ''),
    array(SELECT p.phash FROM incidents_photo AS p WHERE p.report_id = r.id AND p.phash IS NOT NULL),
    array(
        SELECT (a ->> 'kind') || ':' || (a ->> 'code')
        FROM jsonb_array_elements(d.inputs #> '{here,assets}') AS a
    )
FROM unnest($1) AS wanted (category)
CROSS JOIN LATERAL (
    SELECT n.*
    FROM incidents_incident AS n
    WHERE
        n.category_id = wanted.category
        AND n.position && ST_MakeEnvelope($2 - $4, $3 - $5, $2 + $4, $3 + $5, 4326)
        AND coalesce(n.closed_at, 'infinity'::timestamptz) >= $6
        AND n.status NOT IN ('rejected', 'merged')
        AND n.id <> $7
    ORDER BY n.position <-> ST_SetSRID(ST_MakePoint($2, $3), 4326)
    LIMIT $8
) AS i
LEFT JOIN incidents_decision AS d ON d.id = i.decision_id
LEFT JOIN LATERAL (
    SELECT s.*
    FROM incidents_membership AS m INNER JOIN incidents_report AS s ON s.id = m.report_id
    WHERE m.incident_id = i.id AND m.to_event_id IS NULL
    ORDER BY m.id
    LIMIT 3
) AS r ON TRUE
LEFT JOIN incidents_contact AS c ON c.report_id = r.id
