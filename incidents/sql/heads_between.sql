-- The last seal that each chain got between two places in the order of sealing.
SELECT DISTINCT ON (s.chain)
    s.chain,
    s.digest
FROM incidents_seal AS s
INNER JOIN incidents_event AS e ON s.event_id = e.id
WHERE
    (e.transaction, e.id) > (%(since_transaction)s::text::xid8, %(since_event)s)
    AND (e.transaction, e.id) <= (%(until_transaction)s::text::xid8, %(until_event)s)
ORDER BY s.chain ASC, s.number DESC
