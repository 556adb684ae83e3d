-- One tile's incidents, counted on a grid of 64 by 64 (heat), and either of 8 by 8 (clusters) or one
-- by one (points). The tile is one range of position codes, and every column that is counted by is in
-- the index on them, so that no table row is read, unless wards are asked for or points are drawn. A
-- row reported in one of today's wards lies there; of any other it is asked where it lies today. Tile
-- coordinates come from the code's own bits: nothing is projected.
WITH
asked AS NOT MATERIALIZED (
    SELECT
        i.id,
        i.cell,
        i.category_id,
        i.status,
        i.public,
        i.agency_id,
        i.ward_id,
        i.district_id,
        i.opened_at
    FROM incidents_incident AS i
    WHERE
        i.cell BETWEEN %(first)s AND %(last)s
        AND i.status <> 'merged'
        AND (%(categories)s::text[] IS NULL OR i.category_id = ANY(%(categories)s))
        AND (
            %(sectors)s::text[] IS NULL
            OR i.category_id IN (
                SELECT c.code FROM districts_category AS c WHERE c.sector_id = ANY(%(sectors)s)
            )
        )
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
),

-- Finer than heat by one level: means are taken over 128 by 128 places. Open is written as two
-- comparisons, for over a hundred thousand rows = ANY(…) costs half as much again.
shown AS (
    SELECT
        a.cell >> %(fine_shift)s AS fine,
        count(*)::integer AS incidents,
        (count(*) FILTER (WHERE a.status <> 'closed' AND a.status <> 'rejected'))::integer
        AS still_open
    FROM asked AS a
    WHERE %(everything)s OR (a.public AND a.status <> 'rejected')
    GROUP BY 1
),

-- What an office reaches besides what is public, by the index on what the public map does not show.
reached AS (
    SELECT
        a.cell >> %(fine_shift)s AS fine,
        count(*)::integer AS incidents,
        (count(*) FILTER (WHERE a.status <> 'closed' AND a.status <> 'rejected'))::integer
        AS still_open
    FROM asked AS a
    WHERE
        NOT %(everything)s
        AND %(office)s
        AND (NOT a.public OR a.status = 'rejected')
        AND (
            a.agency_id = ANY(%(agencies)s)
            OR a.ward_id = ANY(%(areas)s)
            OR a.district_id = ANY(%(areas)s)
        )
    GROUP BY 1
),

-- What is sensitive is only counted, at the centre of a coarse cell, and only where there is enough
-- of one kind that nobody is pointed at. Not at all under a filter by day, status, agency or ward
-- (coarse.are_left_out): the difference of two such counts could be one case.
sensitive AS (
    SELECT
        ((a.cell >> %(coarse_shift)s << %(coarse_shift)s) + %(coarse_centre)s)
        >> %(fine_shift)s AS fine,
        count(*)::integer AS incidents,
        (count(*) FILTER (WHERE a.status <> 'closed' AND a.status <> 'rejected'))::integer
        AS still_open
    FROM asked AS a
    WHERE
        NOT %(everything)s
        AND %(grouped)s
        AND NOT a.public
        AND a.status <> 'rejected'
        AND (
            NOT %(office)s
            OR (
                a.agency_id = ANY(%(agencies)s)
                OR a.ward_id = ANY(%(areas)s)
                OR a.district_id = ANY(%(areas)s)
            ) IS NOT TRUE
        )
        AND a.category_id IN (
            SELECT c.code FROM districts_category AS c WHERE c.sensitive AND c.public
        )
    GROUP BY a.category_id, a.cell >> %(coarse_shift)s
    HAVING count(*) >= %(smallest)s
),

placed AS (
    SELECT
        fine,
        incidents,
        still_open,
        (fine & 1) | (fine >> 1 & 2) | (fine >> 2 & 4) | (fine >> 3 & 8)
        | (fine >> 4 & 16) | (fine >> 5 & 32) | (fine >> 6 & 64) AS x,
        (fine >> 1 & 1) | (fine >> 2 & 2) | (fine >> 3 & 4) | (fine >> 4 & 8)
        | (fine >> 5 & 16) | (fine >> 6 & 32) | (fine >> 7 & 64) AS y
    FROM (
        SELECT * FROM shown
        UNION ALL
        SELECT * FROM reached
        UNION ALL
        SELECT * FROM sensitive
    ) AS counted
),

-- Tile coordinates run to 4096: 64 to a heat cell, 32 to a fine one.
heat AS (
    SELECT
        ST_MakePoint((min(x) & 126) * 32 + 32, (min(y) & 126) * 32 + 32) AS geom,
        sum(incidents)::integer AS count
    FROM placed
    GROUP BY fine >> 2
),

clusters AS (
    SELECT
        ST_MakePoint(
            sum((x * incidents)::double precision) / sum(incidents) * 32 + 16,
            sum((y * incidents)::double precision) / sum(incidents) * 32 + 16
        ) AS geom,
        sum(incidents)::integer AS count,
        sum(still_open)::integer AS open
    FROM placed
    GROUP BY fine >> 8
),

-- In steps of 1/4096 of the tile: the step that holds the code.
points AS (
    SELECT
        a.id,
        a.category_id AS category,
        c.sector_id AS sector,
        a.status,
        to_char(a.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS opened,
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
    FROM asked AS a
    CROSS JOIN LATERAL (SELECT (a.cell - %(first)s) >> %(step_shift)s AS step) AS s
    INNER JOIN districts_category AS c ON a.category_id = c.code
    WHERE
        %(everything)s
        OR (a.public AND a.status <> 'rejected')
        OR a.agency_id = ANY(%(agencies)s)
        OR a.ward_id = ANY(%(areas)s)
        OR a.district_id = ANY(%(areas)s)
    ORDER BY a.id
)

SELECT
    coalesce((SELECT ST_AsMVT(heat, 'heat', 4096, 'geom') FROM heat), ''::bytea) AS heat,
    CASE
        WHEN %(single)s THEN coalesce(
            (SELECT ST_AsMVT(points, 'incidents', 4096, 'geom') FROM points), ''::bytea
        )
        ELSE coalesce(
            (SELECT ST_AsMVT(clusters, 'clusters', 4096, 'geom') FROM clusters), ''::bytea
        )
    END AS clusters_or_points
