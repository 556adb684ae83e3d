-- Incidents of imported reports.
COPY incidents_incident (
    id, category_id, status, agency_id, ward_id, district_id, position, accuracy_m, cell,
    needs_triage, check_after, public, report_count, held_since, due_at, next_step_at, opened_at,
    closed_at, updated_at, version, decision_id
) FROM STDIN
