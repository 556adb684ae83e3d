-- types: text[]
-- The places that bear one of the names, each once for a key.
SELECT DISTINCT ON (place.weight, place.id, name.key)
    name.key, place.id, place.kind, name.name, name.use, ST_X(place.point), ST_Y(place.point),
    place.weight, name.valid_to, place.name, place.street_key, place.number, place.sort
FROM districts_placename AS name
INNER JOIN districts_place AS place ON place.id = name.place_id
WHERE name.key = ANY($1)
ORDER BY place.weight DESC, place.id ASC, name.key ASC, name.use = 'official' DESC, name.id ASC
