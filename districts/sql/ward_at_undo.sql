DROP FUNCTION districts_ward_at(geometry, bigint, integer, double precision)
