from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

# What each notice may point to: the field, the model, and what the other side calls it.
POINTING = {
    'report': ('incidents.report', 'notices'),
    'follower': ('incidents.follower', '+'),
    'alert': ('incidents.areaalert', '+'),
    'login': ('incidents.logincode', '+'),
    'user': (settings.AUTH_USER_MODEL, '+'),
    'subscription': ('incidents.pushsubscription', '+'),
    'incident': ('incidents.incident', '+'),
}
HELP = {
    'user': 'A member of staff',
    'subscription': 'The browser, where the carrier is web push',
}


def not_indexed(field):
    to, called = POINTING[field]
    return migrations.AlterField(
        model_name='notice',
        name=field,
        field=models.ForeignKey(
            db_index=False, help_text=HELP.get(field, ''), null=True,
            on_delete=deletion.CASCADE, related_name=called, to=to,
        ),
    )


def where_it_points(field):
    return migrations.AddIndex(
        model_name='notice',
        index=models.Index(
            condition=models.Q((f'{field}__isnull', False)), fields=[field], name=f'notice_{field}'
        ),
    )


def without_like(model, field, length, name, like):
    """A unique text keeps its index, under a name of ours, and loses the second one for LIKE."""
    table = f'incidents_{model}'
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f'ALTER TABLE {table} RENAME CONSTRAINT {table}_{field}_key TO {name};'
                f'DROP INDEX IF EXISTS {like}',
                f'ALTER TABLE {table} RENAME CONSTRAINT {name} TO {table}_{field}_key;'
                f'CREATE INDEX {like} ON {table} ({field} varchar_pattern_ops)',
            ),
        ],
        state_operations=[
            migrations.AlterField(
                model_name=model, name=field, field=models.CharField(max_length=length)
            ),
            migrations.AddConstraint(
                model_name=model,
                constraint=models.UniqueConstraint(fields=(field,), name=name),
            ),
        ],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0023_planners_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        without_like('report', 'code', 16, 'report_code', 'incidents_report_code_c29d9ca3_like'),
        without_like(
            'notice', 'dedupe', 120, 'notice_once', 'incidents_notice_dedupe_fbb2ff02_like'
        ),
        *(not_indexed(field) for field in POINTING),
        *(where_it_points(field) for field in POINTING),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(
                condition=models.Q(
                    models.Q(('kind', 'merged'), _negated=True), ('state__in', ['sent', 'dropped'])
                ),
                fields=['ended_at'],
                name='notice_over',
            ),
        ),
    ]
