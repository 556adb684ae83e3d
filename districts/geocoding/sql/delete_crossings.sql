DELETE FROM districts_crossing
WHERE first_id = ANY(%(places)s::bigint[]) OR second_id = ANY(%(places)s::bigint[])
