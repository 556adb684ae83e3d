-- Where the areas of every published edition are, and the areas around their labels.
SELECT
    a.id,
    ST_X(a.label_point), ST_Y(a.label_point),
    ST_XMin(a.shape), ST_YMin(a.shape), ST_XMax(a.shape), ST_YMax(a.shape),
    ARRAY(
        SELECT piece.area_id FROM districts_piece AS piece
        WHERE piece.area_id IS NOT NULL AND ST_Covers(piece.shape, a.label_point)
    )
FROM districts_area AS a INNER JOIN districts_edition AS e ON a.edition_id = e.id
WHERE e.published
ORDER BY a.id
