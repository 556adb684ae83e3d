-- Incidents as the columns hold them: all of them, or those named. Nothing is null, and every field
-- has one width, so that rows are read as arrays. What the words do not know is -1.
COPY (
    SELECT
        i.id,
        i.cell,
        ST_X(i.position),
        ST_Y(i.position),
        coalesce(c.number - 1, -1),
        coalesce(array_position(%(statuses)s::text[], i.status::text) - 1, -1),
        i.public,
        coalesce(i.agency_id, -1)::bigint,
        (i.opened_at AT TIME ZONE %(zone)s)::date - %(first_day)s::date,
        coalesce((i.closed_at AT TIME ZONE %(zone)s)::date - %(first_day)s::date, %(never)s::integer),
        i.version,
        floor(extract(EPOCH FROM i.opened_at - %(first_moment)s::timestamptz))::bigint
    FROM incidents_incident AS i
    LEFT JOIN unnest(%(categories)s::text[]) WITH ORDINALITY AS c (code, number) ON i.category_id = c.code
    WHERE %(ids)s::bigint[] IS NULL OR i.id = ANY(%(ids)s::bigint[])
) TO STDOUT (FORMAT binary)
