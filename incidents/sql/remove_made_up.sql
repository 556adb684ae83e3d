-- The made-up reports of a channel and all that came of them, with the parts of what was split. An
-- incident that a report of another channel belongs to, or ever belonged to, is kept with its reports;
-- so is what was merged into one that is kept.
SET LOCAL work_mem = '64MB';

DROP TABLE IF EXISTS pg_temp.gone_incident, pg_temp.gone_report;

CREATE TEMPORARY TABLE gone_incident ON COMMIT DROP AS
WITH RECURSIVE gone AS (
    SELECT m.incident_id AS id
    FROM incidents_membership AS m INNER JOIN incidents_report AS r ON m.report_id = r.id
    GROUP BY m.incident_id
    HAVING bool_and(r.channel = %(channel)s)
    UNION
    SELECT i.id
    FROM incidents_incident AS i INNER JOIN gone AS g ON i.parent_id = g.id
    WHERE NOT EXISTS (
        SELECT FROM incidents_membership AS m INNER JOIN incidents_report AS r ON m.report_id = r.id
        WHERE m.incident_id = i.id AND r.channel <> %(channel)s
    )
)

SELECT id FROM gone;

WITH RECURSIVE kept AS (
    SELECT i.id
    FROM gone_incident AS g INNER JOIN incidents_incident AS i ON g.id = i.id
    WHERE
        i.merged_into_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM gone_incident AS into_ WHERE into_.id = i.merged_into_id)
    UNION
    SELECT i.id
    FROM incidents_incident AS i INNER JOIN kept AS k ON i.merged_into_id = k.id
)

DELETE FROM gone_incident AS g USING kept AS k WHERE g.id = k.id;

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

DELETE FROM incidents_pair AS p
USING gone_incident AS g WHERE p.newer_id = g.id OR p.older_id = g.id;

UPDATE incidents_pair AS p SET report_id = NULL FROM gone_report AS g WHERE p.report_id = g.id;

DELETE FROM incidents_notice AS n USING gone_incident AS g WHERE n.incident_id = g.id;

DELETE FROM incidents_notice AS n USING gone_report AS g WHERE n.report_id = g.id;

DELETE FROM incidents_notice AS n
USING incidents_follower AS f, gone_incident AS g
WHERE n.follower_id = f.id AND f.incident_id = g.id;

DELETE FROM incidents_notice AS n
USING incidents_logincode AS l, incidents_contact AS c, gone_report AS g
WHERE n.login_id = l.id AND l.contact_id = c.id AND c.report_id = g.id;

DELETE FROM incidents_notice AS n
USING incidents_pushsubscription AS p, gone_report AS g
WHERE n.subscription_id = p.id AND p.report_id = g.id;

DELETE FROM incidents_logincode AS l
USING incidents_contact AS c, gone_report AS g
WHERE l.contact_id = c.id AND c.report_id = g.id;

DELETE FROM incidents_pushsubscription AS p USING gone_report AS g WHERE p.report_id = g.id;

DELETE FROM incidents_follower AS f USING gone_incident AS g WHERE f.incident_id = g.id;

DELETE FROM incidents_link AS l USING gone_incident AS g WHERE l.incident_id = g.id;

DELETE FROM incidents_rating AS r USING gone_incident AS g WHERE r.incident_id = g.id;

DELETE FROM incidents_note AS n USING gone_incident AS g WHERE n.incident_id = g.id;

DELETE FROM incidents_workphoto AS p USING gone_incident AS g WHERE p.incident_id = g.id;

DELETE FROM incidents_custody AS c USING gone_incident AS g WHERE c.incident_id = g.id;

DELETE FROM incidents_membership AS m USING gone_incident AS g WHERE m.incident_id = g.id;

DELETE FROM incidents_seal AS s
USING incidents_event AS e, gone_incident AS g
WHERE s.event_id = e.id AND e.incident_id = g.id;

DELETE FROM incidents_seal AS s
USING incidents_event AS e, gone_report AS g
WHERE s.event_id = e.id AND e.report_id = g.id;

DELETE FROM incidents_event AS e USING gone_incident AS g WHERE e.incident_id = g.id;

DELETE FROM incidents_event AS e USING gone_report AS g WHERE e.report_id = g.id;

DELETE FROM incidents_incidentarea AS a USING gone_incident AS g WHERE a.incident_id = g.id;

UPDATE incidents_incident AS i SET decision_id = NULL FROM gone_incident AS g WHERE i.id = g.id;

DELETE FROM incidents_decision AS d USING gone_incident AS g WHERE d.incident_id = g.id;

DELETE FROM incidents_incident AS i USING gone_incident AS g WHERE i.id = g.id;

DELETE FROM incidents_photo AS p USING gone_report AS g WHERE p.report_id = g.id;

DELETE FROM incidents_tocompare AS c USING gone_report AS g WHERE c.report_id = g.id;

DELETE FROM incidents_contact AS c USING gone_report AS g WHERE c.report_id = g.id;

DELETE FROM incidents_report AS r USING gone_report AS g WHERE r.id = g.id;

SELECT count(*) FROM gone_report
