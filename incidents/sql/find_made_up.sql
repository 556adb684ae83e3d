-- Which reports of a channel are made up, and which incidents came of them, with the parts of what
-- was split. An incident that a report of another channel belongs to, or ever belonged to, is kept with
-- its reports; so is what was merged into one that is kept.
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

ANALYZE gone_report
