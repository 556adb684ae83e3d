-- Sealed events after a cursor, in the order of sealing, each with its seal.
SELECT
    e.transaction::text::bigint AS transaction,
    e.id,
    s.chain,
    s.number,
    s.digest,
    e.incident_id,
    e.report_id,
    e.kind,
    e.at,
    e.actor_id,
    e.actor_kind,
    e.reason,
    e.data
FROM incidents_event AS e
INNER JOIN incidents_seal AS s ON e.id = s.event_id
WHERE (e.transaction, e.id) > (%(transaction)s::text::xid8, %(event)s)
ORDER BY e.transaction, e.id
LIMIT %(count)s
