-- Area alerts that an incident lies in; the radius is measured on the ellipsoid.
SELECT a.id
FROM incidents_areaalert AS a INNER JOIN incidents_incident AS i ON i.id = %(incident)s
WHERE
    a.ended_at IS NULL AND a.confirmed_at IS NOT NULL
    AND (a.categories = '{}' OR i.category_id = any(a.categories))
    AND (
        a.area_id IN (i.ward_id, i.district_id)
        OR ST_DWithin(a.centre::geography, i.position::geography, a.radius_m)
    )
ORDER BY a.id
