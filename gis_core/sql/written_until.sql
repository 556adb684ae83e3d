-- How far the database has written its log.
SELECT pg_current_wal_lsn()::text AS written
