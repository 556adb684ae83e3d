-- Where the areas of every published edition are, and how far they reach.
SELECT
    a.id, ST_X(a.label_point) AS lon, ST_Y(a.label_point) AS lat,
    ST_XMin(a.shape) AS west, ST_YMin(a.shape) AS south,
    ST_XMax(a.shape) AS east, ST_YMax(a.shape) AS north
FROM districts_area AS a INNER JOIN districts_edition AS e ON a.edition_id = e.id
WHERE e.published
ORDER BY a.id
