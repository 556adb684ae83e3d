-- types: integer[]
-- Names that share a form with a letter left out; the caller compares them letter by letter.
SELECT
    name.key, place.id, place.kind, name.name, name.use, ST_X(place.point), ST_Y(place.point),
    place.weight, name.valid_to, place.name, place.street_key, place.number, place.sort
FROM districts_placename AS name
INNER JOIN districts_place AS place ON place.id = name.place_id
WHERE name.deletions && $1
