-- Until the transaction ends or history_closed.sql runs, events may be removed. For what never
-- happened (the demo) alone. A failure on the way rolls this back too.
-- Pending foreign keys are checked first: with them waiting the table cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE incidents_event DISABLE TRIGGER incidents_event_keep_rows
