DELETE FROM districts_place WHERE id = ANY(%(places)s::bigint[])
