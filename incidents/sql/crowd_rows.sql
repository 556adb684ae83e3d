-- A made-up crowd's reports, incidents and decisions, as the verbs of the services write them one by
-- one; events and what hangs on them follow in crowd_events.sql. Ids are taken as one block from each sequence, so that rows can
-- name each other; the tables are locked against other writers until the end.
LOCK TABLE incidents_report, incidents_incident, incidents_decision, incidents_event,
incidents_membership, incidents_custody, incidents_rating IN SHARE ROW EXCLUSIVE MODE;

ANALYZE crowd_drawn;

ANALYZE crowd_custody;

ANALYZE crowd_route;

SET LOCAL work_mem = '64MB';

CREATE TEMPORARY TABLE first_id ON COMMIT DROP AS
SELECT
    setval(s.report, nextval(s.report) + %(many)s) - %(many)s AS report,
    setval(s.incident, nextval(s.incident) + %(many)s) - %(many)s AS incident,
    setval(s.decision, nextval(s.decision) + 4 * %(many)s) - 4 * %(many)s AS decision,
    setval(s.event, nextval(s.event) + 16 * %(many)s) - 16 * %(many)s AS event,
    setval(s.membership, nextval(s.membership) + %(many)s) - %(many)s AS membership
FROM (
    SELECT
        pg_get_serial_sequence('incidents_report', 'id')::regclass AS report,
        pg_get_serial_sequence('incidents_incident', 'id')::regclass AS incident,
        pg_get_serial_sequence('incidents_decision', 'id')::regclass AS decision,
        pg_get_serial_sequence('incidents_event', 'id')::regclass AS event,
        pg_get_serial_sequence('incidents_membership', 'id')::regclass AS membership
) AS s;

ANALYZE first_id;

INSERT INTO incidents_report (
    id, code, channel, key, fingerprint, state, state_reason, category_id, text, language, position,
    accuracy_m, position_method, reported_at, received_at, forward_by, approved_at, approved_by_id
)
SELECT
    f.report + c.n, c.code, %(channel)s, %(channel)s || '-' || c.n,
    encode(sha256((%(channel)s || c.n)::bytea), 'hex'), 'incident', '', g.code,
    '[Dữ liệu mẫu] ' || g.name || ', ' || a.kind || ' ' || a.name || '.', 'vi',
    ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326), c.accuracy_m, 'gps', c.opened_at, c.opened_at,
    -- What waits for a person is late; the watch is not to tell of what never happened.
    CASE WHEN c.status = 'received' THEN c.opened_at + %(forward)s::interval END,
    c.approved_at, CASE WHEN c.approved_at IS NOT NULL THEN %(operator)s::integer END
FROM crowd AS c
INNER JOIN crowd_route AS r ON c.route = r.route
INNER JOIN districts_category AS g ON c.category = g.code
INNER JOIN districts_area AS a ON r.ward_id = a.id
CROSS JOIN first_id AS f;

INSERT INTO incidents_incident (
    id, category_id, status, agency_id, ward_id, district_id, position, accuracy_m, cell,
    needs_triage, check_after, public, report_count, held_since, due_at, claimed_at, opened_at,
    closed_at, updated_at, version, decision_id
)
SELECT
    f.incident + c.n, g.code, c.status,
    CASE WHEN c.status <> 'received' THEN coalesce(t.agency_id, r.agency_id) END, r.ward_id,
    r.district_id,
    ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326), c.accuracy_m, c.cell, c.status = 'received',
    r.check_after AND c.status NOT IN ('closed', 'rejected'), g.public AND NOT g.sensitive, 1,
    h.began_at, h.due_at, CASE WHEN c.status = 'claimed_done' THEN c.claimed_at END, c.opened_at,
    c.ended_at,
    greatest(c.opened_at, c.approved_at, c.chosen_at, c.began_at, c.claimed_at, c.ended_at),
    1 + num_nonnulls(c.approved_at, c.chosen_at, c.began_at, c.claimed_at, c.ended_at),
    f.decision + CASE
        WHEN t.number IS NOT NULL THEN 2 * %(many)s + t.number
        WHEN c.choice >= 0 THEN %(many)s + c.choice
        ELSE c.n
    END
FROM crowd AS c
INNER JOIN crowd_route AS r ON c.route = r.route
INNER JOIN districts_category AS g ON c.category = g.code
LEFT JOIN crowd_held AS h ON c.n = h.n AND h.ended_at IS NULL
LEFT JOIN (
    SELECT DISTINCT ON (n) n, number, agency_id FROM crowd_held
    WHERE from_slot IN (6, 8)
    ORDER BY n, from_slot DESC
) AS t ON c.n = t.n
CROSS JOIN first_id AS f;

INSERT INTO incidents_decision (
    id, incident_id, agency_id, rule_id, basis, certainty, threshold, needs_triage, because,
    because_en, question, question_en, candidates, inputs, decided_at
)
SELECT
    f.decision + c.n, f.incident + c.n, r.agency_id, r.rule_id, r.basis, r.certainty, r.threshold,
    r.needs_triage, r.because, r.because_en, r.question, r.question_en, r.candidates,
    r.inputs || jsonb_build_object(
        'lon', c.lon, 'lat', c.lat, 'accuracy_m', c.accuracy_m,
        'on', greatest((c.opened_at AT TIME ZONE %(zone)s)::date, %(since)s::date)
    ),
    c.opened_at
FROM crowd AS c INNER JOIN crowd_route AS r ON c.route = r.route CROSS JOIN first_id AS f;

INSERT INTO incidents_decision (
    id, incident_id, agency_id, basis, certainty, threshold, needs_triage, because, because_en,
    question, question_en, candidates, inputs, decided_at
)
SELECT
    f.decision + %(many)s + c.choice, f.incident + c.n, r.agency_id, 'person', 1, 0, FALSE,
    'Người trực tổng đài đã xem xét và chuyển đến ' || a.name || '.',
    'An operator looked at it and gave it to ' || coalesce(nullif(a.name_en, ''), a.name) || '.',
    '', '', '[]', '{}', c.chosen_at
FROM crowd AS c
INNER JOIN crowd_route AS r ON c.route = r.route
INNER JOIN districts_agency AS a ON r.agency_id = a.id
CROSS JOIN first_id AS f
WHERE c.choice >= 0;

INSERT INTO incidents_decision (
    id, incident_id, agency_id, basis, certainty, threshold, needs_triage, because, because_en,
    question, question_en, candidates, inputs, decided_at
)
SELECT
    f.decision + 2 * %(many)s + h.number, f.incident + h.n, h.agency_id, 'person', 1, 0, FALSE,
    'Người trực tổng đài đã xem xét và chuyển đến ' || a.name || '.',
    'An operator looked at it and gave it to ' || coalesce(nullif(a.name_en, ''), a.name) || '.',
    '', '', '[]', '{}', h.began_at
FROM crowd_held AS h INNER JOIN districts_agency AS a ON h.agency_id = a.id CROSS JOIN first_id AS f
WHERE h.from_slot IN (6, 8)
