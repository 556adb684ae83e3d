-- One tile's incidents as single points. The code picks the rows, the position itself is drawn.
SELECT coalesce(ST_AsMVT(near, 'incidents', 4096, 'geom'), ''::bytea)
FROM (
    SELECT
        i.id,
        i.category_id AS category,
        c.sector_id AS sector,
        i.status,
        to_char(i.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS opened,
        ST_AsMVTGeom(
            ST_Transform(i.position, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 0, FALSE
        ) AS geom
    FROM incidents_incident AS i
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
        AND (%(since)s::timestamptz IS NULL OR i.opened_at >= %(since)s)
        AND (%(before)s::timestamptz IS NULL OR i.opened_at < %(before)s)
    ORDER BY i.id
) AS near
