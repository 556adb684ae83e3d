-- The area of an edition in which a point lies, as many points at once are placed in memory: of
-- several that share an edge the one with the smallest code; where none covers it, the nearest
-- within so many metres; else null.
CREATE FUNCTION districts_ward_at(point geometry, edition bigint, metric_srid integer, sliver_m double precision)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (
            SELECT a.id
            FROM districts_piece AS p
            INNER JOIN districts_area AS a ON p.area_id = a.id
            WHERE p.edition_id = edition AND ST_Covers(p.shape, point)
            ORDER BY a.code COLLATE "C"
            LIMIT 1
        ),
        (
            SELECT a.id
            FROM districts_border AS b
            INNER JOIN districts_area AS a ON b.area_id = a.id
            CROSS JOIN (SELECT ST_SetSRID(ST_Transform(point, metric_srid), 0) AS metric) AS m
            WHERE b.edition_id = edition AND ST_DWithin(b.line, m.metric, sliver_m)
            ORDER BY ST_Distance(b.line, m.metric), a.code COLLATE "C"
            LIMIT 1
        )
    )
$$
