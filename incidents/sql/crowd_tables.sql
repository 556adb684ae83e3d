-- A made-up crowd, before it is written to the tables that are read.
DROP TABLE IF EXISTS
pg_temp.crowd_drawn, pg_temp.crowd_route, pg_temp.crowd_custody, pg_temp.crowd_limit, pg_temp.first_id
CASCADE;

-- As arrays give it, without nulls: what never happened has happened at -infinity.
CREATE TEMPORARY TABLE crowd_drawn (
    n bigint,
    lon double precision,
    lat double precision,
    accuracy_m double precision,
    cell bigint,
    category bigint,
    status bigint,
    route bigint,
    code text,
    opened_at timestamptz,
    approved_at timestamptz,
    chosen_at timestamptz,
    began_at timestamptz,
    claimed_at timestamptz,
    ended_at timestamptz,
    rated_at timestamptz,
    stars bigint,
    choice bigint
) ON COMMIT DROP;

-- What is not there is -1.
CREATE TEMPORARY TABLE crowd_custody (
    n bigint,
    category bigint,
    agency_id bigint,
    contractor_id bigint,
    began_at timestamptz,
    ended_at timestamptz,
    ending bigint,
    reopened_at timestamptz,
    promised_at timestamptz,
    due_at timestamptz,
    used double precision,
    forward_used double precision,
    proven bigint,
    from_slot bigint,
    to_slot bigint,
    number bigint
) ON COMMIT DROP;

CREATE TEMPORARY TABLE crowd_route (
    route bigint PRIMARY KEY,
    ward_id bigint,
    district_id bigint,
    agency_id bigint,
    agency text,
    rule_id bigint,
    basis text,
    certainty double precision,
    threshold double precision,
    needs_triage boolean,
    check_after boolean,
    because text,
    because_en text,
    question text,
    question_en text,
    candidates jsonb,
    inputs jsonb
) ON COMMIT DROP;

CREATE TEMPORARY TABLE crowd_limit ON COMMIT DROP AS
SELECT *
FROM unnest(
    %(limit_seconds)s::double precision[], %(limit_runs)s::text[], %(limit_rules)s::text[],
    %(limit_versions)s::integer[]
) WITH ORDINALITY AS t (seconds, runs, rule, version, category);

UPDATE crowd_limit SET category = category - 1;


-- Categories and statuses are numbered from 0 in the program's lists.
CREATE TEMPORARY VIEW crowd AS
SELECT
    n,
    lon,
    lat,
    accuracy_m,
    cell,
    (%(categories)s::text[])[category + 1] AS category,
    (%(statuses)s::text[])[status + 1] AS status,
    route,
    code,
    opened_at,
    nullif(approved_at, '-infinity') AS approved_at,
    nullif(chosen_at, '-infinity') AS chosen_at,
    nullif(began_at, '-infinity') AS began_at,
    nullif(claimed_at, '-infinity') AS claimed_at,
    nullif(ended_at, '-infinity') AS ended_at,
    nullif(rated_at, '-infinity') AS rated_at,
    stars,
    choice
FROM crowd_drawn;

CREATE TEMPORARY VIEW crowd_held AS
SELECT
    n,
    category,
    agency_id,
    nullif(contractor_id, -1) AS contractor_id,
    began_at,
    nullif(ended_at, '-infinity') AS ended_at,
    (%(endings)s::text[])[ending + 1] AS ended_by,
    nullif(reopened_at, '-infinity') AS reopened_at,
    nullif(promised_at, '-infinity') AS promised_at,
    due_at,
    nullif(used, -1) AS used,
    nullif(forward_used, -1) AS forward_used,
    CASE WHEN proven >= 0 THEN proven = 1 END AS proven,
    from_slot,
    nullif(to_slot, -1) AS to_slot,
    number
FROM crowd_custody
