-- Events before a cursor that bear no seal though they should, the first of them.
SELECT e.id
FROM incidents_event AS e
LEFT JOIN incidents_seal AS s ON e.id = s.event_id
WHERE
    s.event_id IS NULL
    AND (e.transaction, e.id) <= (%(transaction)s::text::xid8, %(event)s)
    AND NOT EXISTS (
        SELECT 1
        FROM incidents_report AS r
        WHERE r.id = e.report_id AND r.channel = %(made_up)s
    )
    AND NOT EXISTS (
        SELECT 1
        FROM incidents_membership AS m
        INNER JOIN incidents_report AS r ON m.report_id = r.id
        WHERE m.incident_id = e.incident_id AND r.channel = %(made_up)s
    )
ORDER BY e.id
LIMIT %(count)s
