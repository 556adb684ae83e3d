-- The next incidents by id, and what their newest routed decision rested on: a person's decision
-- keeps no placement, the one before it does. Shares are told as text, so that equal ones are read
-- once. What was merged is decided where it went.
SELECT
    i.id, i.category_id, i.opened_at, ST_X(i.position), ST_Y(i.position), i.accuracy_m,
    d.inputs ->> 'on', (d.inputs -> 'shares')::text
FROM incidents_incident AS i
LEFT JOIN LATERAL (
    SELECT inputs FROM incidents_decision
    WHERE incident_id = i.id AND inputs ? 'shares'
    ORDER BY id DESC
    LIMIT 1
) AS d ON TRUE
WHERE i.id > %(after)s AND i.opened_at >= %(since)s AND i.status <> 'merged'
ORDER BY i.id
LIMIT %(limit)s
