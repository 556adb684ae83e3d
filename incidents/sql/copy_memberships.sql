-- Which imported report belongs to which incident.
COPY incidents_membership (
    report_id, incident_id, from_event_id
) FROM STDIN
