SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT again FROM unserved_key LOOP
        EXECUTE one.again;
    END LOOP;
END
$$;

ALTER TABLE incidents_event ENABLE TRIGGER incidents_event_keep_rows
