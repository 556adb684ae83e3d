-- Which database this is, how often incidents went without an event, and how far events can be read.
SELECT
    (SELECT s.system_identifier FROM pg_control_system() AS s) AS server,
    (SELECT d.oid::bigint FROM pg_database AS d WHERE d.datname = current_database()) AS database,
    coalesce((SELECT max(e.number) FROM incidents_columnsepoch AS e), 0) AS epoch,
    incidents_readable_before()::text::bigint AS readable_before,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    + incidents_transactions_before() AS next_transaction,
    coalesce((SELECT max(v.id) FROM incidents_event AS v), 0) AS newest_event
