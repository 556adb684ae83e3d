-- Count the transactions of this server on by so many more. A function and no row: its value is
-- folded into the statements that are planned, and costs nothing.
DO $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION incidents_transactions_before() RETURNS bigint '
        'LANGUAGE sql IMMUTABLE AS %%L',
        format('SELECT %%s::bigint', incidents_transactions_before() + %(behind)s)
    );
END
$$
