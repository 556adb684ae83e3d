-- Until the transaction ends or history_closed.sql runs, events may be removed. For what never
-- happened (the demo) alone. A failure on the way rolls this back too.
-- Pending foreign keys are checked first: with them waiting the table cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE incidents_event DISABLE TRIGGER incidents_event_keep_rows;

-- A key to events that no index serves would be looked for in its whole table, an event each: it is
-- laid aside, and checked against all rows when it is made again.
DROP TABLE IF EXISTS pg_temp.unserved_key;

CREATE TEMPORARY TABLE unserved_key ON COMMIT DROP AS
SELECT
    'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname) AS away,
    'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname)
    || ' ' || pg_get_constraintdef(c.oid) AS again
FROM pg_constraint AS c
WHERE
    c.contype = 'f' AND c.confrelid = 'incidents_event'::regclass
    AND NOT EXISTS (
        SELECT FROM pg_index AS x WHERE x.indrelid = c.conrelid AND x.indkey[0] = c.conkey[1]
    );

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT away FROM unserved_key LOOP
        EXECUTE one.away;
    END LOOP;
END
$$
