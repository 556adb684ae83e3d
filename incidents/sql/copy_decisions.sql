-- Why each incident is whose.
COPY incidents_decision (
    id, incident_id, agency_id, rule_id, basis, certainty, threshold, needs_triage, because,
    because_en, question, question_en, candidates, inputs, decided_at
) FROM STDIN
