-- Two loads take turns; the lock ends with the transaction.
SELECT pg_advisory_xact_lock(hashtext('districts.catalogue'))
