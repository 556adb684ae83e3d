-- The cursor behind which nothing can appear any more.
SELECT (incidents_readable_before()::text::bigint - 1) AS transaction
