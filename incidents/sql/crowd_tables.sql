-- A made-up crowd, before it is written to the tables that are read.
DROP TABLE IF EXISTS pg_temp.crowd_drawn, pg_temp.crowd_route, pg_temp.first_id CASCADE;

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
    ended_at timestamptz,
    choice bigint
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
) ON COMMIT DROP;;

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
    nullif(ended_at, '-infinity') AS ended_at,
    choice
FROM crowd_drawn
