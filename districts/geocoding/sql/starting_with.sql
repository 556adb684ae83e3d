-- types: text, integer
SELECT
    name.key, place.id, place.kind, name.name, name.use, ST_X(place.point), ST_Y(place.point),
    place.weight, name.valid_to, place.name, place.street_key, place.number, place.sort
FROM districts_placename AS name
INNER JOIN districts_place AS place ON place.id = name.place_id
WHERE ' ' || name.folded LIKE '% ' || $1 || '%'
ORDER BY name.folded LIKE $1 || '%' DESC, place.weight DESC, length(name.folded), place.id
LIMIT $2
