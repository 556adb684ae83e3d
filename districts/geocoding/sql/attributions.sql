-- types: bigint[]
SELECT DISTINCT gazetteer.attribution
FROM districts_place AS place
INNER JOIN districts_gazetteer AS gazetteer ON gazetteer.id = place.gazetteer_id
WHERE place.id = ANY($1) AND gazetteer.attribution <> ''
ORDER BY gazetteer.attribution
