-- Which places are whose, as the two arrays of each gazetteer with an attribution.
SELECT gazetteer.attribution, array_agg(place.id ORDER BY place.id)
FROM districts_place AS place
INNER JOIN districts_gazetteer AS gazetteer ON gazetteer.id = place.gazetteer_id
WHERE gazetteer.attribution <> ''
GROUP BY gazetteer.id
ORDER BY gazetteer.attribution, gazetteer.id
