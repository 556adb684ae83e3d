-- How many events come after a cursor, counted up to a bound.
SELECT count(*)
FROM (
    SELECT FROM incidents_event AS e
    WHERE (e.transaction, e.id) > (%(transaction)s::text::xid8, %(id)s)
    LIMIT %(bound)s
) AS behind
