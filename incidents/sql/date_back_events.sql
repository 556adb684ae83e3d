-- Gives made-up events times in the past, in the transaction that wrote them: nobody has read or sealed
-- them yet. Clocks that begin in an event are told in its data, and so they move with it.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE incidents_event DISABLE TRIGGER incidents_event_keep_rows;

UPDATE incidents_event AS e
SET
    at = t.at::timestamptz,
    data = e.data
    || CASE WHEN e.data ? 'since' THEN jsonb_build_object('since', t.at) ELSE '{}'::jsonb END
    || CASE
        WHEN e.data ? 'forward' THEN jsonb_build_object('forward', e.data -> 'forward' || jsonb_build_object(
            'since', t.at,
            'due', t.at::timestamptz + (e.data -> 'forward' ->> 'limit_s')::double precision * interval '1 second'
        ))
        ELSE '{}'::jsonb
    END
    || CASE WHEN e.data ? 'due' AND t.due <> '' THEN jsonb_build_object('due', t.due) ELSE '{}'::jsonb END
FROM unnest(%(ids)s::bigint[], %(moments)s::text[], %(dues)s::text[]) AS t (id, at, due)
WHERE e.id = t.id;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE incidents_event ENABLE TRIGGER incidents_event_keep_rows
