-- What was laid aside, made again: indexes, then unique constraints, then foreign keys, each of which
-- is checked against every row.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT again FROM laid_aside ORDER BY turn, again LOOP
        EXECUTE one.again;
    END LOOP;
END
$$;

ANALYZE incidents_report, incidents_incident, incidents_decision, incidents_event,
incidents_membership, incidents_custody, incidents_rating
