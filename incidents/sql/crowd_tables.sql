-- A made-up crowd, before it is written to the tables that are read.
DROP TABLE IF EXISTS pg_temp.crowd, pg_temp.crowd_route, pg_temp.first_id;

CREATE TEMPORARY TABLE crowd (
    n bigint PRIMARY KEY,
    lon double precision,
    lat double precision,
    accuracy_m double precision,
    cell bigint,
    category integer,
    route integer,
    code text,
    opened_at timestamptz,
    approved_at timestamptz,
    chosen_at timestamptz,
    began_at timestamptz,
    ended_at timestamptz,
    choice bigint,
    status text
) ON COMMIT DROP;

CREATE TEMPORARY TABLE crowd_route (
    route integer PRIMARY KEY,
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
