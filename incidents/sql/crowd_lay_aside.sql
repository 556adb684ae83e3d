-- Before very many rows: indexes and foreign keys are laid aside and made again after, in the same
-- transaction, which is ten times quicker than to keep them row by row. Whatever stands is read from
-- the catalogue, so a new index needs no change here. Nobody else reads these tables meanwhile. Where
-- rows go and none come, keys alone are laid aside: an index made anew would hold what has gone too.
SET CONSTRAINTS ALL IMMEDIATE;

SET LOCAL maintenance_work_mem = '256MB';

-- On two cores a second helper only waits.
SET LOCAL max_parallel_maintenance_workers = 1;

DROP TABLE IF EXISTS pg_temp.laid_aside;

CREATE TEMPORARY TABLE laid_aside ON COMMIT DROP AS
WITH tables AS (
    SELECT unnest(ARRAY[
        'incidents_report', 'incidents_incident', 'incidents_decision', 'incidents_event',
        'incidents_membership', 'incidents_custody', 'incidents_rating', 'incidents_seal'
    ])::regclass AS id
)

SELECT DISTINCT
    CASE c.contype WHEN 'f' THEN 3 ELSE 2 END AS turn,
    'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname) AS away,
    'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname)
    || ' ' || pg_get_constraintdef(c.oid) AS again
FROM pg_constraint AS c
-- Foreign keys from elsewhere too: each row taken away would be looked for in every such table.
INNER JOIN tables AS t ON c.conrelid = t.id OR c.confrelid = t.id
WHERE c.contype IN ('f', 'u', 'x')
UNION ALL
SELECT 1, 'DROP INDEX ' || x.indexrelid::regclass, pg_get_indexdef(x.indexrelid)
FROM pg_index AS x INNER JOIN tables AS t ON x.indrelid = t.id
WHERE
    NOT x.indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = x.indexrelid AND c.contype <> 'f');

DELETE FROM laid_aside WHERE %(keys_alone)s AND turn < 3;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT away FROM laid_aside ORDER BY turn DESC, away LOOP
        EXECUTE one.away;
    END LOOP;
END
$$
