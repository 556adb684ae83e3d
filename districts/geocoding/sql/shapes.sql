-- types: bigint[]
SELECT id, ST_AsBinary(shape) FROM districts_place WHERE id = ANY($1)
