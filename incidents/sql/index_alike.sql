-- What a report may be about. What is open: by category, then place, the nearest first. There is
-- little of it, however long the history is.
CREATE INDEX incident_alike_open ON incidents_incident USING gist (category_id, position)
WHERE status NOT IN ('closed', 'rejected', 'merged');

-- What was closed: by category, then in slices of 60 days from 1 January 2000, then along the Z-order
-- curve. An ordinary index is made ten times quicker than one of places; a number for the category's
-- code keeps it small.
CREATE INDEX incident_alike_closed ON incidents_incident (
    hashtext(category_id),
    (floor(date_part('epoch', closed_at - '2000-01-01 00:00+00'::timestamptz) / 5184000)::integer),
    cell
)
WHERE status = 'closed'
