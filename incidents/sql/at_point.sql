-- types: bigint
-- Of what stands in the very cell of a point: how many by category, and how many of them are open.
SELECT
    i.category_id, count(*),
    count(*) FILTER (WHERE i.status NOT IN ('closed', 'rejected', 'merged'))
FROM (
    SELECT c.category_id, c.status FROM incidents_incident AS c WHERE c.cell = $1 LIMIT 2000
) AS i
GROUP BY i.category_id
