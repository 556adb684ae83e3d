-- Events after a cursor that no open transaction can still come before, with what decides who sees
-- their incident. Ids are not commit order: what is above the oldest open writer waits.
SELECT
    e.transaction::text::bigint AS transaction,
    e.id,
    e.kind,
    e.at,
    i.id AS incident,
    i.agency_id,
    i.ward_id,
    i.district_id,
    i.public,
    i.status,
    i.category_id,
    i.version,
    ST_X(i.position) AS lon,
    ST_Y(i.position) AS lat,
    (
        SELECT c.agency_id FROM incidents_custody AS c
        WHERE c.incident_id = e.incident_id AND c.to_event_id = e.id
    ) AS from_agency,
    CASE e.kind WHEN 'moved' THEN (e.data -> 'before' ->> 'ward')::bigint END AS from_ward,
    CASE e.kind WHEN 'moved' THEN (e.data -> 'before' ->> 'district')::bigint END AS from_district,
    CASE e.kind
        WHEN 'recategorised' THEN (
            SELECT c.public AND NOT c.sensitive FROM districts_category AS c
            WHERE c.code = e.data ->> 'before'
        )
    END AS was_public
FROM incidents_event AS e
INNER JOIN incidents_incident AS i ON e.incident_id = i.id
WHERE
    (e.transaction, e.id) > (%(transaction)s::text::xid8, %(id)s)
    AND e.transaction < (SELECT incidents_readable_before())
ORDER BY e.transaction, e.id
LIMIT %(count)s
