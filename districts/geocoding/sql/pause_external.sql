-- Nobody asks the service before the pause is over.
UPDATE districts_externalturn
SET not_before = greatest(not_before, clock_timestamp() + make_interval(secs => %(seconds)s))
WHERE service = %(service)s
