-- How many seals there are, and how many the row says that tells how far events are sealed.
SELECT
    (SELECT COUNT(*) FROM incidents_seal) AS made,
    (SELECT COALESCE(SUM(s.seals), 0)::bigint FROM incidents_sealing AS s) AS told
