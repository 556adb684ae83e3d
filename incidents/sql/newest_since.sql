-- When the first of the newest incidents was opened; null where there is none.
SELECT MIN(newest.opened_at)
FROM (
    SELECT opened_at
    FROM incidents_incident
    ORDER BY opened_at DESC, id DESC
    LIMIT %(count)s
) AS newest
