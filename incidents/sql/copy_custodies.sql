-- Who has what was imported and is still open; the transaction is the one that writes.
COPY incidents_custody (
    incident_id, agency_id, from_event_id, began_at, due_at, limit_s, runs, rule, rule_version, steps
) FROM STDIN
