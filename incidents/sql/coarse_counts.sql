-- Incidents of sensitive categories, counted in whole cells of a coarse grid. The box was widened
-- to whole cells by the caller: a part of a cell would tell where in it they lie.
SELECT
    incident.category_id,
    floor(ST_X(incident.position) / %(cell)s)::integer AS col,
    floor(ST_Y(incident.position) / %(cell)s)::integer AS line,
    count(*)
FROM incidents_incident AS incident
INNER JOIN districts_category AS category ON incident.category_id = category.code
WHERE
    category.sensitive AND category.public AND incident.status NOT IN ('rejected', 'merged')
    AND floor(ST_X(incident.position) / %(cell)s) BETWEEN %(west)s AND %(east)s
    AND floor(ST_Y(incident.position) / %(cell)s) BETWEEN %(south)s AND %(north)s
GROUP BY incident.category_id, col, line
HAVING count(*) >= %(fewest)s
ORDER BY line, col, incident.category_id
