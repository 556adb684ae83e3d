-- types: text
-- What streets are called, once for each key; for finding names that are written short.
SELECT DISTINCT name.folded, name.key
FROM districts_placename AS name
INNER JOIN districts_place AS place ON place.id = name.place_id
WHERE place.kind = $1 AND name.use <> 'short'
ORDER BY name.folded, name.key
