-- Area alerts that an incident lies in; the radius is measured on the ellipsoid.
-- Whoever asked for a ward is told of its ground, also when another edition has taken its place: an
-- incident names today's ward alone, so all areas that cover its pin are looked for, once.
WITH pin AS MATERIALIZED (
    SELECT position, category_id, ward_id, district_id FROM incidents_incident WHERE id = %(incident)s
),

around AS MATERIALIZED (
    SELECT ward_id AS area_id FROM pin
    UNION
    SELECT district_id FROM pin
    UNION
    SELECT piece.area_id
    FROM pin INNER JOIN districts_piece AS piece ON ST_Covers(piece.shape, pin.position)
)

SELECT a.id
FROM pin CROSS JOIN incidents_areaalert AS a
WHERE
    a.ended_at IS NULL AND a.confirmed_at IS NOT NULL
    AND (a.categories = '{}' OR pin.category_id = any(a.categories))
    AND (
        a.area_id IN (SELECT area_id FROM around WHERE area_id IS NOT NULL)
        OR ST_DWithin(a.centre::geography, pin.position::geography, a.radius_m)
    )
ORDER BY a.id
