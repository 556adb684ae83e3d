-- types: bigint
-- The office of a member of staff: the role, the own agency and all below it, the own areas.
WITH RECURSIVE tree AS (
    SELECT s.agency_id AS id FROM incidents_staff AS s WHERE s.user_id = $1
    UNION
    SELECT a.id FROM districts_agency AS a INNER JOIN tree AS t ON a.parent_id = t.id
)

SELECT
    s.role,
    ARRAY(SELECT t.id FROM tree AS t WHERE t.id IS NOT NULL) AS agencies,
    ARRAY(SELECT o.area_id FROM incidents_staff_areas AS o WHERE o.staff_id = s.user_id) AS areas
FROM incidents_staff AS s
WHERE s.user_id = $1
