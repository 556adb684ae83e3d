-- By category: how many were reported, and how many days in all they were open, none longer than so
-- many.
SELECT
    i.category_id,
    count(*),
    sum(
        least(
            coalesce(extract(EPOCH FROM i.closed_at - i.opened_at) / 86400, %(longest)s),
            %(longest)s
        )
    )::double precision
FROM incidents_incident AS i
GROUP BY i.category_id
