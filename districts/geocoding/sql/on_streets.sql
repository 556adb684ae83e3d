-- types: text[], text
SELECT id, number, street_key, ST_X(point), ST_Y(point)
FROM districts_place
WHERE street_key = ANY($1) AND street_key <> '' AND kind = $2 AND number <> ''
ORDER BY street_key, number, id
