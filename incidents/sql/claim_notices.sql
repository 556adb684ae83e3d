-- Take notices that are due, by moving them a lease ahead. Committed before anything is sent: a
-- notice that kills its worker again and again uses up its attempts, and reaches the dead letters.
UPDATE incidents_notice AS n
SET attempts = n.attempts + 1, due_at = statement_timestamp() + %(lease)s
WHERE
    n.id IN (
        SELECT id FROM incidents_notice
        WHERE state = 'ready' AND due_at <= statement_timestamp() AND attempts < %(most)s
        ORDER BY due_at, id
        LIMIT %(count)s
        FOR UPDATE SKIP LOCKED
    )
RETURNING n.id
