-- types: text[]
-- Houses and alleys that have a number, each kind in order; of an alley also how it runs.
SELECT
    id, number, street_key, ST_X(point), ST_Y(point),
    CASE kind WHEN 'alley' THEN ST_AsBinary(shape) END
FROM districts_place
WHERE street_key = ANY($1) AND street_key <> '' AND kind IN ('house', 'alley') AND number <> ''
ORDER BY street_key, number, id
