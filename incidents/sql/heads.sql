-- The last seal of each of these chains.
SELECT DISTINCT ON (s.chain)
    s.chain,
    s.number,
    s.digest
FROM incidents_seal AS s
WHERE s.chain = ANY(%(chains)s)
ORDER BY s.chain ASC, s.number DESC
