-- The row is locked while it is moved on, so that two processes never take one turn. No row comes
-- back where the next turn is farther off than the caller would wait.
INSERT INTO districts_externalturn AS turn (service, not_before)
VALUES (%(service)s, clock_timestamp() + make_interval(secs => %(interval_s)s))
ON CONFLICT (service) DO UPDATE
SET
    not_before = greatest(turn.not_before, clock_timestamp())
    + make_interval(secs => %(interval_s)s)
WHERE turn.not_before <= clock_timestamp() + make_interval(secs => %(longest_s)s)
RETURNING greatest(
    extract(
        EPOCH FROM turn.not_before - make_interval(secs => %(interval_s)s) - clock_timestamp()
    ),
    0
)
