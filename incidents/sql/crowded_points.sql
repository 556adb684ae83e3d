-- Points that several incidents of several categories share: how many of each stand there.
SELECT ST_X(i.position), ST_Y(i.position), i.category_id, count(*)
FROM incidents_incident AS i
WHERE
    i.cell IN (
        SELECT c.cell FROM incidents_incident AS c
        GROUP BY c.cell
        HAVING count(*) >= %(least)s AND count(DISTINCT c.category_id) > 1
    )
GROUP BY 1, 2, 3
