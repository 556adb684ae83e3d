-- The cursor behind which nothing can appear any more.
SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1) AS transaction
