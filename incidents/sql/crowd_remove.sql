-- A made-up crowd and all that came of it. An incident that a report of another channel belongs to,
-- or ever belonged to, is kept with its reports.
DROP TABLE IF EXISTS pg_temp.gone_incident, pg_temp.gone_report;

CREATE TEMPORARY TABLE gone_incident ON COMMIT DROP AS
SELECT m.incident_id AS id
FROM incidents_membership AS m INNER JOIN incidents_report AS r ON m.report_id = r.id
GROUP BY m.incident_id
HAVING bool_and(r.channel = %(channel)s);

CREATE TEMPORARY TABLE gone_report ON COMMIT DROP AS
SELECT r.id
FROM incidents_report AS r
LEFT JOIN incidents_membership AS m ON r.id = m.report_id
LEFT JOIN gone_incident AS g ON m.incident_id = g.id
WHERE r.channel = %(channel)s
GROUP BY r.id
HAVING bool_and(m.id IS NULL OR g.id IS NOT NULL);

ANALYZE gone_incident;

ANALYZE gone_report;

DELETE FROM incidents_membership AS m USING gone_incident AS g WHERE m.incident_id = g.id;

DELETE FROM incidents_event AS e USING gone_incident AS g WHERE e.incident_id = g.id;

DELETE FROM incidents_event AS e USING gone_report AS g WHERE e.report_id = g.id;

DELETE FROM incidents_incidentarea AS a USING gone_incident AS g WHERE a.incident_id = g.id;

UPDATE incidents_incident AS i SET decision_id = NULL FROM gone_incident AS g WHERE i.id = g.id;

DELETE FROM incidents_decision AS d USING gone_incident AS g WHERE d.incident_id = g.id;

DELETE FROM incidents_incident AS i USING gone_incident AS g WHERE i.id = g.id;

DELETE FROM incidents_photo AS p USING gone_report AS g WHERE p.report_id = g.id;

DELETE FROM incidents_contact AS c USING gone_report AS g WHERE c.report_id = g.id;

DELETE FROM incidents_report AS r USING gone_report AS g WHERE r.id = g.id;

SELECT count(*) FROM gone_report
