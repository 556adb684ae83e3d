COPY districts_crossing (first_id, second_id, point) FROM STDIN WITH (FORMAT csv, NULL '\N')
