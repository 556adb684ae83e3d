-- Every name of every place, with where the place is, how far it reaches, and the areas around it.
WITH here AS MATERIALIZED (
    SELECT
        p.id, p.kind, p.name, p.weight,
        ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
        ST_XMin(p.shape) AS west, ST_YMin(p.shape) AS south,
        ST_XMax(p.shape) AS east, ST_YMax(p.shape) AS north,
        ARRAY(
            SELECT piece.area_id FROM districts_piece AS piece
            WHERE piece.area_id IS NOT NULL AND ST_Covers(piece.shape, p.point)
        ) AS areas
    FROM districts_place AS p
    WHERE p.kind <> 'house'
)

SELECT
    here.id, here.kind, n.name, n.key, n.use, here.name AS present, here.weight,
    here.lon, here.lat, here.west, here.south, here.east, here.north, here.areas
FROM here INNER JOIN districts_placename AS n ON n.place_id = here.id
ORDER BY here.id, n.id
