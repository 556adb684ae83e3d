-- How long the closed cases of a category took, from opening to closing, in seconds.
SELECT
    count(*) AS cases,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(EPOCH FROM i.closed_at - i.opened_at)) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(EPOCH FROM i.closed_at - i.opened_at)) AS ninth_tenth
FROM incidents_incident AS i
WHERE
    i.category_id = %(category)s
    AND i.status = 'closed'
    AND i.closed_at >= now() - %(looks_back)s
