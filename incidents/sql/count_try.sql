-- One more try of a bucket, and how many there were; a count older than the window starts again.
INSERT INTO incidents_missedread AS kept (bucket, since, misses)
VALUES (%(bucket)s, now(), 1)
ON CONFLICT (bucket) DO UPDATE SET
    misses = CASE
        WHEN kept.since > now() - make_interval(secs => %(seconds)s) THEN kept.misses + 1
        ELSE 1
    END,
    since = CASE
        WHEN kept.since > now() - make_interval(secs => %(seconds)s) THEN kept.since
        ELSE now()
    END
RETURNING kept.misses, ceil(extract(EPOCH FROM kept.since - now()) + %(seconds)s)::integer
