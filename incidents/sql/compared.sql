-- types: bigint[], integer
-- What incidents are compared by: place, category, the latest $2 reports and their photos.
SELECT
    i.id,
    array['place:' || i.cell, left('category:' || i.category_id, 40)] || array(
        SELECT unnest(
            'report:' || m.report_id || array(
                SELECT 'photo:' || p.phash FROM incidents_photo AS p
                WHERE p.report_id = m.report_id AND p.phash IS NOT NULL
            )
        )
        FROM (
            SELECT b.report_id FROM incidents_membership AS b
            WHERE b.incident_id = i.id AND b.to_event_id IS NULL
            ORDER BY b.report_id DESC
            LIMIT $2
        ) AS m
    )
FROM incidents_incident AS i
WHERE i.id = ANY($1)
