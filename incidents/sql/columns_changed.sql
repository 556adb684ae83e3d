-- Incidents that events name after a cursor, as changes_after.sql reads them, an event a row.
SELECT
    e.transaction::text::bigint AS transaction,
    e.id,
    e.incident_id
FROM incidents_event AS e
WHERE
    (e.transaction, e.id) > (%(transaction)s::text::xid8, %(id)s)
    AND e.transaction < (SELECT incidents_readable_before())
ORDER BY e.transaction, e.id
LIMIT %(count)s
