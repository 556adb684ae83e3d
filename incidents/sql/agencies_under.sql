-- An agency and everything below it in the tree.
WITH RECURSIVE tree AS (
    SELECT id FROM districts_agency WHERE id = %(agency)s
    UNION
    SELECT a.id FROM districts_agency AS a INNER JOIN tree AS t ON a.parent_id = t.id
)

SELECT id FROM tree
