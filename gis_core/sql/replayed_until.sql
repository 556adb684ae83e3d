-- How old what a replica shows is, in seconds. Asked of one that has replayed all that was written
-- when it was asked, it is new however long nobody has written anything.
SELECT
    CASE
        WHEN NOT pg_is_in_recovery() THEN 0
        WHEN pg_last_wal_replay_lsn() >= %(written)s::pg_lsn THEN 0
        ELSE coalesce(
            extract(EPOCH FROM now() - pg_last_xact_replay_timestamp()), 'infinity'
        )
    END::double precision AS seconds
