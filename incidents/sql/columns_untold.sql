-- Incidents that events name after a cursor, whether they can be followed yet or not.
SELECT DISTINCT e.incident_id
FROM incidents_event AS e
WHERE
    (e.transaction, e.id) > (%(transaction)s::text::xid8, %(id)s)
    AND e.incident_id IS NOT NULL
