-- Reports as they were imported, with the ids they were given.
COPY incidents_report (
    id, code, channel, key, fingerprint, state, state_reason, category_id, text, address, language,
    position, accuracy_m, position_method, reported_at, received_at
) FROM STDIN
