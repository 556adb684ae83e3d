-- Incidents up to an id that an edition's re-join has passed over: their transaction had not ended
-- yet when it went by, for ids are not commit order.
SELECT i.id, ST_X(i.position), ST_Y(i.position)
FROM incidents_incident AS i
WHERE
    i.id <= %(upto)s
    AND NOT EXISTS (
        SELECT FROM incidents_incidentarea AS a
        WHERE a.edition_id = %(edition)s AND a.incident_id = i.id
    )
ORDER BY i.id
LIMIT %(limit)s
