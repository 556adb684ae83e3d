-- Events after a cursor that nothing can still come before, in the order in which they are sealed.
-- What was made up for a demonstration is told apart: it is taken away again.
SELECT
    e.transaction::text::bigint AS transaction,
    e.id,
    e.incident_id,
    e.report_id,
    e.kind,
    e.at,
    e.actor_id,
    e.actor_kind,
    e.reason,
    e.data,
    EXISTS (
        SELECT 1
        FROM incidents_report AS r
        WHERE r.id = e.report_id AND r.channel = %(made_up)s
    ) OR EXISTS (
        SELECT 1
        FROM incidents_membership AS m
        INNER JOIN incidents_report AS r ON m.report_id = r.id
        WHERE m.incident_id = e.incident_id AND r.channel = %(made_up)s
    ) AS made_up
FROM incidents_event AS e
WHERE
    (e.transaction, e.id) > (%(transaction)s::text::xid8, %(event)s)
    AND e.transaction < (SELECT incidents_readable_before())
ORDER BY e.transaction, e.id
LIMIT %(count)s
