-- types: bigint[]
SELECT first_id, second_id, ST_X(point), ST_Y(point)
FROM districts_crossing
WHERE first_id = ANY($1) AND second_id = ANY($1)
ORDER BY first_id, second_id, id
