from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0010_clocks'),
    ]

    operations = [
        # Events of transactions below this one can be read, and none can appear below it any more.
        # Transaction ids are given out by the whole server: a writer that is open in another
        # database of it can write no event here, and is not waited for. Stable: it sees the
        # snapshot of the statement that calls it.
        migrations.RunSQL(
            """
            CREATE FUNCTION incidents_readable_before() RETURNS xid8 LANGUAGE sql STABLE AS $$
                WITH elsewhere AS MATERIALIZED (
                    SELECT l.transactionid::text::bigint AS number
                    FROM pg_locks AS l
                    INNER JOIN pg_stat_activity AS a ON l.pid = a.pid
                    WHERE
                        l.locktype = 'transactionid'
                        AND l.granted
                        AND a.datname <> current_database()
                )

                SELECT
                    coalesce(
                        (
                            SELECT min(o.id::text::bigint)::text::xid8
                            FROM pg_snapshot_xip(pg_current_snapshot()) AS o (id)
                            WHERE
                                (o.id::text::bigint & 4294967295)
                                NOT IN (SELECT e.number FROM elsewhere AS e)
                        ),
                        pg_snapshot_xmax(pg_current_snapshot())
                    )
            $$;
            """,
            "DROP FUNCTION incidents_readable_before()",
        ),
    ]
