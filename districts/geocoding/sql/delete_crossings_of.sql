DELETE FROM districts_crossing
USING districts_place AS place
WHERE districts_crossing.first_id = place.id AND place.gazetteer_id = %(gazetteer)s
