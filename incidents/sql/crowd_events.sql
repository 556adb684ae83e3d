-- What happened to a made-up crowd's incidents, and who had them. An incident's events are numbered in
-- the order in which they may happen:
--   0 received  1 opened  2 routed  3 words approved  4 assigned  5 declined  6 assigned
--   7 declined  8 assigned  9 in progress  10 claimed done  11 reopened  12 claimed done
--   13 closed or rejected  14 rated
DROP TABLE IF EXISTS pg_temp.crowd_clock;

CREATE TEMPORARY TABLE crowd_clock ON COMMIT DROP AS
SELECT
    h.n,
    h.from_slot,
    jsonb_build_object(
        'since', h.began_at, 'limit_s', l.seconds, 'runs', l.runs, 'rule', l.rule,
        'rule_version', l.version, 'due', h.due_at
    ) AS clock
FROM crowd_held AS h INNER JOIN crowd_limit AS l ON h.category = l.category
WHERE h.ended_at IS NULL;

ANALYZE crowd_clock;

INSERT INTO incidents_event (id, incident_id, report_id, kind, at, actor_id, actor_kind, reason, data)
SELECT
    f.event + 16 * c.n + e.slot,
    CASE WHEN e.slot > 0 THEN f.incident + c.n END,
    CASE WHEN e.slot < 4 OR e.slot = 14 THEN f.report + c.n END,
    CASE e.kind
        WHEN 'routed' THEN CASE WHEN r.needs_triage THEN 'triage' ELSE 'assigned' END
        WHEN 'ended' THEN CASE WHEN c.status = 'rejected' THEN 'rejected' ELSE 'closed' END
        ELSE e.kind
    END,
    w.at,
    CASE WHEN e.slot BETWEEN 3 AND 13 THEN %(operator)s::integer END,
    CASE
        WHEN e.slot BETWEEN 3 AND 13 AND %(operator)s::integer IS NOT NULL THEN 'operator'
        ELSE 'system'
    END,
    CASE WHEN e.slot > 3 THEN %(reason)s ELSE '' END,
    CASE e.slot
        WHEN 0 THEN %(received)s::jsonb
        WHEN 2 THEN jsonb_build_object('agency', r.agency, 'decision', f.decision + c.n)
        WHEN 4 THEN jsonb_build_object('agency', r.agency, 'decision', f.decision + %(many)s + c.choice)
        WHEN 14 THEN jsonb_build_object('stars', c.stars)
        ELSE '{}'::jsonb
    END || CASE WHEN e.slot = h.from_slot THEN h.clock ELSE '{}'::jsonb END
FROM crowd AS c
INNER JOIN crowd_route AS r ON c.route = r.route
-- Clocks that still run are read from the event that began them.
LEFT JOIN crowd_clock AS h ON c.n = h.n
CROSS JOIN first_id AS f
CROSS JOIN (
    VALUES
    (0, 'received'), (1, 'opened'), (2, 'routed'), (3, 'words_approved'), (4, 'assigned'),
    (9, 'in_progress'), (12, 'claimed_done'), (13, 'ended'), (14, 'rated')
) AS e (slot, kind)
CROSS JOIN LATERAL (
    SELECT
        CASE e.slot
            WHEN 3 THEN c.approved_at
            WHEN 4 THEN c.chosen_at
            WHEN 9 THEN c.began_at
            WHEN 12 THEN c.claimed_at
            WHEN 13 THEN c.ended_at
            WHEN 14 THEN c.rated_at
            ELSE c.opened_at
        END
) AS w (at)
WHERE w.at IS NOT NULL;

-- Hand-overs: what begins a custody, and what ends one that was not the last.
INSERT INTO incidents_event (id, incident_id, kind, at, actor_id, actor_kind, reason, data)
SELECT
    f.event + 16 * h.n + e.slot, f.incident + h.n, e.kind, e.at, %(operator)s::integer,
    CASE WHEN %(operator)s::integer IS NOT NULL THEN 'operator' ELSE 'system' END, %(reason)s,
    jsonb_build_object('agency', a.code) || CASE
        WHEN e.kind = 'declined' THEN '{"reason": "not_ours"}'::jsonb
        WHEN h.number >= 0 THEN jsonb_build_object('decision', f.decision + 2 * %(many)s + h.number)
        ELSE '{}'::jsonb
    END || CASE WHEN e.slot = k.from_slot THEN k.clock ELSE '{}'::jsonb END
FROM crowd_held AS h
LEFT JOIN crowd_clock AS k ON h.n = k.n
INNER JOIN districts_agency AS a ON h.agency_id = a.id
CROSS JOIN first_id AS f
CROSS JOIN LATERAL (
    VALUES
    (
        h.from_slot, CASE h.from_slot WHEN 11 THEN 'reopened' ELSE 'assigned' END, h.began_at,
        h.from_slot IN (6, 8, 11)
    ),
    (h.to_slot, h.ended_by, h.ended_at, h.to_slot IN (5, 7, 10))
) AS e (slot, kind, at, new)
WHERE e.new;

INSERT INTO incidents_custody (
    incident_id, agency_id, contractor_id, from_event_id, to_event_id, began_at, ended_at, ended_by,
    due_at, limit_s, runs, rule, rule_version, used, forward_used, proven, reopened_at,
    promised_at
)
SELECT
    f.incident + h.n, h.agency_id, h.contractor_id, f.event + 16 * h.n + h.from_slot,
    f.event + 16 * h.n + h.to_slot, h.began_at, h.ended_at, h.ended_by, h.due_at, l.seconds, l.runs,
    l.rule, l.version, h.used, h.forward_used, h.proven, h.reopened_at, h.promised_at
FROM crowd_held AS h
INNER JOIN crowd_limit AS l ON h.category = l.category
CROSS JOIN first_id AS f;

INSERT INTO incidents_rating (report_id, incident_id, event_id, stars, reasons, words, at)
SELECT
    f.report + c.n, f.incident + c.n, f.event + 16 * c.n + 14, c.stars, '{}',
    CASE WHEN c.stars < 3 THEN '[Dữ liệu mẫu]' ELSE '' END, c.rated_at
FROM crowd AS c CROSS JOIN first_id AS f
WHERE c.rated_at IS NOT NULL;

INSERT INTO incidents_membership (id, report_id, incident_id, from_event_id)
SELECT f.membership + c.n, f.report + c.n, f.incident + c.n, f.event + 16 * c.n + 1
FROM crowd AS c CROSS JOIN first_id AS f
