-- One tile's incidents as single points. The code picks the rows, and its own bits say where each is
-- drawn, in steps of 1/4096 of the tile: nothing is projected.
SELECT coalesce(ST_AsMVT(near, 'incidents', 4096, 'geom'), ''::bytea)
FROM (
    SELECT
        i.id,
        i.category_id AS category,
        c.sector_id AS sector,
        i.status,
        to_char(i.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS opened,
        ST_MakePoint(
            (s.step & 1) | (s.step >> 1 & 2) | (s.step >> 2 & 4) | (s.step >> 3 & 8)
            | (s.step >> 4 & 16) | (s.step >> 5 & 32) | (s.step >> 6 & 64) | (s.step >> 7 & 128)
            | (s.step >> 8 & 256) | (s.step >> 9 & 512) | (s.step >> 10 & 1024)
            | (s.step >> 11 & 2048),
            (s.step >> 1 & 1) | (s.step >> 2 & 2) | (s.step >> 3 & 4) | (s.step >> 4 & 8)
            | (s.step >> 5 & 16) | (s.step >> 6 & 32) | (s.step >> 7 & 64) | (s.step >> 8 & 128)
            | (s.step >> 9 & 256) | (s.step >> 10 & 512) | (s.step >> 11 & 1024)
            | (s.step >> 12 & 2048)
        ) AS geom
    FROM incidents_incident AS i
    CROSS JOIN LATERAL (SELECT (i.cell - %(first)s) >> %(step_shift)s AS step) AS s
    INNER JOIN districts_category AS c ON i.category_id = c.code
    WHERE
        i.cell BETWEEN %(first)s AND %(last)s
        AND i.status <> 'merged'
        AND (
            %(everything)s
            OR (i.public AND i.status <> 'rejected')
            OR i.agency_id = ANY(%(agencies)s)
            OR i.ward_id = ANY(%(areas)s)
            OR i.district_id = ANY(%(areas)s)
        )
        AND (%(categories)s::text[] IS NULL OR i.category_id = ANY(%(categories)s))
        AND (%(sectors)s::text[] IS NULL OR c.sector_id = ANY(%(sectors)s))
        AND (%(statuses)s::text[] IS NULL OR i.status = ANY(%(statuses)s))
        AND (
            %(asked_agencies)s::text[] IS NULL
            OR i.agency_id IN (
                SELECT g.id FROM districts_agency AS g WHERE g.code = ANY(%(asked_agencies)s)
            )
        )
        AND (%(wards_box)s::geometry IS NULL OR i.position && %(wards_box)s::geometry)
        AND (
            %(asked_wards)s::bigint[] IS NULL
            OR i.ward_id = ANY(%(asked_wards)s::bigint[])
            OR (
                (i.ward_id = ANY(%(other_wards)s::bigint[])) IS NOT TRUE
                AND districts_ward_at(
                    i.position, %(edition)s::bigint, %(metric_srid)s::integer,
                    %(sliver_m)s::double precision
                ) = ANY(%(asked_wards)s::bigint[])
            )
        )
        AND (%(since)s::timestamptz IS NULL OR i.opened_at >= %(since)s)
        AND (%(before)s::timestamptz IS NULL OR i.opened_at < %(before)s)
    ORDER BY i.id
) AS near
