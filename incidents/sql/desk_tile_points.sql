-- One tile of a desk's map: the incidents of its list as single points.
SELECT coalesce(ST_AsMVT(near, 'incidents', 4096, 'geom'), ''::bytea)
FROM (
    SELECT
        i.id,
        i.category_id AS category,
        i.status,
        coalesce(i.due_at < %(now)s, FALSE) AS late,
        ST_AsMVTGeom(
            ST_Transform(i.position, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 0, FALSE
        ) AS geom
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
    ORDER BY i.id
) AS near
