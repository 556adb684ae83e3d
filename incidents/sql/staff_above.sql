-- The active staff of an agency and of all above it in the tree, the nearest first.
WITH RECURSIVE above AS (
    SELECT id, parent_id, 0 AS steps FROM districts_agency WHERE id = %(agency)s
    UNION ALL
    SELECT a.id, a.parent_id, b.steps + 1
    FROM districts_agency AS a INNER JOIN above AS b ON a.id = b.parent_id
)

SELECT b.steps, s.user_id
FROM above AS b
INNER JOIN incidents_staff AS s ON b.id = s.agency_id
INNER JOIN auth_user AS u ON s.user_id = u.id
WHERE u.is_active AND s.role = any(%(roles)s)
ORDER BY b.steps, s.user_id
