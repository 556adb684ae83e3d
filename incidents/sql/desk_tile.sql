-- One tile of a desk's map: how many incidents its list holds there, in groups on a grid of 8 by 8.
-- Open ones are read from the index on them alone.
WITH
asked AS NOT MATERIALIZED (
    SELECT
        i.cell >> %(fine_shift)s AS fine,
        i.due_at
    FROM incidents_incident AS i
    WHERE
        i.cell BETWEEN %(first)s AND %(last)s
        AND i.status = ANY(%(statuses)s)
        AND (
            %(everything)s
            OR i.agency_id = ANY(%(agencies)s)
            OR i.ward_id = ANY(%(areas)s)
            OR i.district_id = ANY(%(areas)s)
        )
        AND (%(due_before)s::timestamptz IS NULL OR i.due_at < %(due_before)s)
        AND (%(opened_from)s::timestamptz IS NULL OR i.opened_at >= %(opened_from)s)
        AND (
            (%(categories)s::text[] IS NULL AND %(sectors)s::text[] IS NULL)
            OR i.category_id = ANY(%(categories)s)
            OR i.category_id IN (
                SELECT c.code FROM districts_category AS c WHERE c.sector_id = ANY(%(sectors)s)
            )
        )
        AND (%(only_agencies)s::bigint[] IS NULL OR i.agency_id = ANY(%(only_agencies)s))
        AND (%(ward)s::bigint IS NULL OR i.ward_id = %(ward)s)
        AND (%(ids)s::bigint[] IS NULL OR i.id = ANY(%(ids)s))
        AND (
            %(own_area)s::bigint IS NULL
            OR ST_Intersects(
                i.position, (
                    SELECT o.shape FROM incidents_ownarea AS o
                    WHERE o.id = %(own_area)s AND o.owner_id = %(owner)s
                )
            )
        )
),

counted AS (
    SELECT
        fine,
        count(*)::integer AS incidents,
        (count(*) FILTER (WHERE due_at < %(now)s))::integer AS late
    FROM asked
    GROUP BY fine
),

placed AS (
    SELECT
        fine,
        incidents,
        late,
        (fine & 1) | (fine >> 1 & 2) | (fine >> 2 & 4) | (fine >> 3 & 8)
        | (fine >> 4 & 16) | (fine >> 5 & 32) | (fine >> 6 & 64) AS x,
        (fine >> 1 & 1) | (fine >> 2 & 2) | (fine >> 3 & 4) | (fine >> 4 & 8)
        | (fine >> 5 & 16) | (fine >> 6 & 32) | (fine >> 7 & 64) AS y
    FROM counted
),

clusters AS (
    SELECT
        ST_MakePoint(
            sum((x * incidents)::double precision) / sum(incidents) * 32 + 16,
            sum((y * incidents)::double precision) / sum(incidents) * 32 + 16
        ) AS geom,
        sum(incidents)::integer AS count,
        sum(late)::integer AS late
    FROM placed
    GROUP BY fine >> 8
)

SELECT
    (SELECT coalesce(sum(count), 0)::integer FROM clusters) AS total,
    coalesce(
        (SELECT ST_AsMVT(clusters, 'clusters', 4096, 'geom') FROM clusters), ''::bytea
    ) AS clusters
