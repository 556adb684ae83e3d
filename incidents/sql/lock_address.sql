-- Who asks for one address at the same time waits, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(%(digest)s, 0))
