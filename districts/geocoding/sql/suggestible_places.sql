-- Every name of every place that is not a house, with where the place is and how far it reaches.
SELECT
    p.id, p.kind, n.name, n.folded, n.use, p.name AS present, p.weight,
    ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
    ST_XMin(p.shape) AS west, ST_YMin(p.shape) AS south,
    ST_XMax(p.shape) AS east, ST_YMax(p.shape) AS north
FROM districts_place AS p INNER JOIN districts_placename AS n ON n.place_id = p.id
WHERE p.kind <> 'house'
ORDER BY p.id, n.id
