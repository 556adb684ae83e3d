DELETE FROM districts_placename WHERE place_id = ANY(%(places)s::bigint[])
