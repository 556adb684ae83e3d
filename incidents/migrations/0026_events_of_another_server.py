import incidents.models.event
import django.db.models.expressions
from django.db import migrations

READABLE = """
CREATE OR REPLACE FUNCTION incidents_readable_before() RETURNS xid8 LANGUAGE sql STABLE AS $$
    WITH elsewhere AS MATERIALIZED (
        SELECT l.transactionid::text::bigint AS number
        FROM pg_locks AS l
        INNER JOIN pg_stat_activity AS a ON l.pid = a.pid
        WHERE
            l.locktype = 'transactionid'
            AND l.granted
            AND a.datname <> current_database()
    ),

    oldest AS (
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
            ) AS id
    )

    SELECT %s FROM oldest AS o
$$;
"""
"""As in 0011, where it is told why."""

# Not 0 where another server wrote the events: its transactions had ids of their own, and this one's
# are counted on from them. ``manage.py continue_events`` writes the number. Immutable, so that it is
# folded into what is planned.
COUNTED_ON = """
CREATE FUNCTION incidents_transactions_before() RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT 0::bigint $$;

CREATE FUNCTION incidents_transaction() RETURNS xid8 LANGUAGE sql VOLATILE AS $$
    SELECT CASE incidents_transactions_before()
        WHEN 0 THEN pg_current_xact_id()
        ELSE (pg_current_xact_id()::text::bigint + incidents_transactions_before())::text::xid8
    END
$$;
"""
UNCOUNTED = """
DROP FUNCTION incidents_transaction();
DROP FUNCTION incidents_transactions_before();
"""
SUM = "(o.id::text::bigint + incidents_transactions_before())::text::xid8"


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0025_fewer_indexes_of_nothing'),
    ]

    operations = [
        migrations.RunSQL(COUNTED_ON, UNCOUNTED),
        migrations.RunSQL(READABLE % SUM, READABLE % 'o.id'),
        migrations.AlterField(
            model_name='event',
            name='transaction',
            field=incidents.models.event.TransactionIdField(
                db_default=django.db.models.expressions.Func(
                    function='incidents_transaction',
                    output_field=incidents.models.event.TransactionIdField(),
                ),
                editable=False,
            ),
        ),
    ]
