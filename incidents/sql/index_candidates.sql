-- What one report may be about: by category, then place, then whether it is open or closed lately.
CREATE INDEX incident_candidates ON incidents_incident
USING gist (category_id, position, (coalesce(closed_at, 'infinity'::timestamptz)))
WHERE status <> 'rejected'
