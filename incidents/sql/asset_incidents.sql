-- The newest other incidents at each of some assets: on its shape or within a tolerance of it, or
-- further off, as far as a position may err, where their own decision names the asset.
WITH reach AS MATERIALIZED (
    SELECT
        asset.kind, asset.code, asset.name,
        ST_Buffer(asset.shape::geography, %(tolerance_m)s)::geometry AS around,
        ST_Buffer(asset.shape::geography, %(widest_m)s)::geometry AS widely
    FROM unnest(%(kinds)s::text[], %(codes)s::text[]) AS named (kind, code)
    INNER JOIN districts_asset AS asset
        ON asset.kind = named.kind AND asset.code = named.code AND asset.superseded_at IS NULL
)

SELECT reach.kind, reach.code, reach.name, met.id
FROM reach
LEFT JOIN LATERAL (
    SELECT i.id
    FROM incidents_incident AS i
    WHERE
        ST_Intersects(i.position, reach.widely)
        AND i.id <> %(incident)s
        AND i.opened_at >= %(since)s
        AND (
            ST_Intersects(i.position, reach.around)
            OR EXISTS (
                SELECT FROM incidents_decision AS d
                WHERE
                    d.id = i.decision_id
                    AND d.inputs -> 'here' -> 'assets'
                    @> jsonb_build_array(jsonb_build_object('kind', reach.kind, 'code', reach.code))
            )
        )
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT %(most)s
) AS met ON TRUE
ORDER BY reach.kind, reach.code
