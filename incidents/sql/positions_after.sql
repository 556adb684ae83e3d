-- The next incidents by id, and where they are.
SELECT id, ST_X(position), ST_Y(position)
FROM incidents_incident
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s
