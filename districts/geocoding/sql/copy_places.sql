COPY districts_place (
    id, gazetteer_id, reference, kind, sort, name, number, street_key, shape, point, weight, fingerprint
) FROM STDIN WITH (FORMAT csv, NULL '\N')
