-- What happened to imported reports and incidents; the transaction is the one that writes.
COPY incidents_event (
    id, incident_id, report_id, kind, at, actor_kind, reason, data
) FROM STDIN
