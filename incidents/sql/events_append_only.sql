-- Events are history: the database itself refuses to change or remove one, whoever asks.
-- Django's test runner empties tables with TRUNCATE between tests, so that alone is let through,
-- and only in a database whose name starts with "test_".
CREATE FUNCTION incidents_event_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'incidents_event is append-only: % refused', tg_op
        USING ERRCODE = 'restrict_violation',
              HINT = 'Record a new event that corrects the old one.';
END
$$;

CREATE TRIGGER incidents_event_keep_rows
BEFORE UPDATE OR DELETE ON incidents_event
FOR EACH ROW EXECUTE FUNCTION incidents_event_refuse();

CREATE TRIGGER incidents_event_keep_table
BEFORE TRUNCATE ON incidents_event
FOR EACH STATEMENT EXECUTE FUNCTION incidents_event_refuse();
