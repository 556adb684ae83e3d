-- types: text[], double precision, double precision, double precision, double precision, timestamptz, timestamptz, integer[], bigint[], bigint[], bigint, integer, integer
-- plan: generic
-- What a report of the categories $1 (its own first) at $2 $3 and the time $6 may be about, within
-- $4 $5 degrees: what is open, the nearest $12 of each category, and what was closed since $7, by
-- slices of time $8 and ranges of cells from $9 to $10; without $11. The likeliest $13 by place and
-- time bring their first reports, a row each.
WITH near AS MATERIALIZED (
    SELECT o.*
    FROM unnest($1) AS wanted (category)
    CROSS JOIN LATERAL (
        SELECT
            i.id, i.category_id, i.status, i.public, i.agency_id, i.ward_id, i.district_id,
            ST_X(i.position) AS lon, ST_Y(i.position) AS lat, i.accuracy_m, i.opened_at,
            i.closed_at, i.decision_id
        FROM incidents_incident AS i
        WHERE
            i.category_id = wanted.category
            AND i.status NOT IN ('closed', 'rejected', 'merged')
            AND i.position && ST_MakeEnvelope($2 - $4, $3 - $5, $2 + $4, $3 + $5, 4326)
            AND i.id <> $11
        ORDER BY i.position <-> ST_SetSRID(ST_MakePoint($2, $3), 4326)
        LIMIT $12
    ) AS o
    UNION ALL
    SELECT c.*
    FROM unnest($1) AS wanted (category)
    CROSS JOIN unnest($8) AS slice (number)
    CROSS JOIN unnest($9, $10) AS cells (first, last)
    CROSS JOIN LATERAL (
        SELECT
            i.id, i.category_id, i.status, i.public, i.agency_id, i.ward_id, i.district_id,
            ST_X(i.position), ST_Y(i.position), i.accuracy_m, i.opened_at, i.closed_at,
            i.decision_id
        FROM incidents_incident AS i
        WHERE
            hashtext(i.category_id) = hashtext(wanted.category)
            AND floor(
                date_part('epoch', i.closed_at - '2000-01-01 00:00+00'::timestamptz) / 5184000
            )::integer = slice.number
            AND i.cell BETWEEN cells.first AND cells.last
            AND i.status = 'closed'
            AND i.category_id = wanted.category
            AND i.closed_at >= $7
            -- Not by the index of all places: it holds every year of this one.
            AND abs(ST_X(i.position) - $2) <= $4
            AND abs(ST_Y(i.position) - $3) <= $5
            AND i.id <> $11
        LIMIT 4 * $12
    ) AS c
),

ranked AS MATERIALIZED (
    SELECT
        n.*,
        row_number() OVER (
            ORDER BY
                111195 / 15.0 * sqrt((cosd($3) * (n.lon - $2)) ^ 2 + (n.lat - $3) ^ 2)
                + ln(1 + abs(date_part('epoch', n.opened_at - $6)) / 86400)
                + CASE WHEN n.category_id = $1[1] THEN 0 ELSE 3 END,
                n.id
        ) AS place
    FROM near AS n
)

SELECT
    n.id, n.status, n.public, n.agency_id, n.ward_id, n.district_id,
    n.category_id, n.lon, n.lat, n.accuracy_m, n.opened_at, n.closed_at,
    n.place <= $13,
    CASE WHEN n.place <= $13 THEN array(
        SELECT (a ->> 'kind') || ':' || (a ->> 'code')
        FROM incidents_decision AS d
        CROSS JOIN LATERAL jsonb_array_elements(d.inputs #> '{here,assets}') AS a
        WHERE d.id = n.decision_id
    ) END,
    r.number, ST_X(r.position), ST_Y(r.position), r.accuracy_m, r.reported_at, r.text, r.address,
    r.phone, r.email, r.hashes, coalesce(r.approved_at IS NOT NULL, FALSE)
FROM ranked AS n
LEFT JOIN LATERAL (
    SELECT
        row_number() OVER (ORDER BY m.id) AS number,
        s.position, s.accuracy_m, s.reported_at, s.text, s.address, s.approved_at,
        coalesce(c.phone, '') AS phone, coalesce(c.email, '') AS email,
        array(
            SELECT p.phash FROM incidents_photo AS p
            WHERE p.report_id = s.id AND p.phash IS NOT NULL
        ) AS hashes
    FROM incidents_membership AS m
    INNER JOIN incidents_report AS s ON s.id = m.report_id
    LEFT JOIN incidents_contact AS c ON c.report_id = s.id
    WHERE m.incident_id = n.id AND m.to_event_id IS NULL AND n.place <= $13
    ORDER BY m.id
    LIMIT 3
) AS r ON TRUE
ORDER BY n.place, r.number
