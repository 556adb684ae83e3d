-- What find_made_up.sql found, and all that came of it. Foreign keys are looked at when all is gone.
DELETE FROM incidents_pair AS p
WHERE
    p.newer_id IN (SELECT g.id FROM gone_incident AS g)
    OR p.older_id IN (SELECT g.id FROM gone_incident AS g);

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

DELETE FROM incidents_decision AS d USING gone_incident AS g WHERE d.incident_id = g.id;

DELETE FROM incidents_incident AS i USING gone_incident AS g WHERE i.id = g.id;

DELETE FROM incidents_photo AS p USING gone_report AS g WHERE p.report_id = g.id;

DELETE FROM incidents_tocompare AS c USING gone_report AS g WHERE c.report_id = g.id;

DELETE FROM incidents_contact AS c USING gone_report AS g WHERE c.report_id = g.id;

DELETE FROM incidents_report AS r USING gone_report AS g WHERE r.id = g.id;

SELECT count(*) FROM gone_report
