-- Events above an id, whoever is still writing: some may be missing, and come with the cursor.
SELECT
    e.id,
    e.incident_id
FROM incidents_event AS e
WHERE e.id > %(id)s
ORDER BY e.id
LIMIT %(count)s
