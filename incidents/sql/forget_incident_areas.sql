-- Take back an edition's second readings, to make them anew.
DELETE FROM incidents_incidentarea WHERE edition_id = %(edition)s
