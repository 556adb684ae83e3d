-- By how many ids the next transaction lies behind the newest that an event bears: above 0 only
-- where another server wrote the events.
SELECT
    coalesce(
        (
            SELECT e.transaction::text::bigint
            FROM incidents_event AS e
            ORDER BY e.transaction DESC, e.id DESC
            LIMIT 1
        ),
        0
    )
    + 1
    - pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    - incidents_transactions_before() AS behind
