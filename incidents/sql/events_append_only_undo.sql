-- Undo of events_append_only; the triggers go with their function.
DROP FUNCTION IF EXISTS incidents_event_refuse() CASCADE;
