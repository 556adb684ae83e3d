COPY districts_placename (place_id, name, folded, key, deletions, use, valid_from, valid_to)
FROM STDIN WITH (FORMAT csv, NULL '\N')
