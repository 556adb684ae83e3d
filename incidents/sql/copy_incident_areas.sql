-- Second readings of one batch of incidents, as text rows.
COPY incidents_incidentarea (edition_id, incident_id, area_id, how) FROM STDIN
