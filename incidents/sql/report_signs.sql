-- types: bigint
-- What else a report is recognised by: its contact, and the hashes of its photos.
SELECT
    coalesce(c.phone, ''), coalesce(c.email, ''),
    array(
        SELECT p.phash FROM incidents_photo AS p
        WHERE p.report_id = r.id AND p.phash IS NOT NULL
        ORDER BY p."order", p.id
    )
FROM incidents_report AS r LEFT JOIN incidents_contact AS c ON c.report_id = r.id
WHERE r.id = $1
