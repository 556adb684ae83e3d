from django.db import migrations

from gis_core import sql


class Migration(migrations.Migration):

    dependencies = [('incidents', '0014_sealing')]

    operations = [
        migrations.RunSQL(
            sql=sql.text("incidents", "index_candidates"),
            reverse_sql=sql.text("incidents", "index_candidates_undo"),
        ),
    ]
