SELECT nextval(pg_get_serial_sequence('districts_place', 'id')) FROM generate_series(1, %(count)s)
