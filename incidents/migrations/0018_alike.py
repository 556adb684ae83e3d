from django.db import migrations

from gis_core import sql


class Migration(migrations.Migration):
    dependencies = [("incidents", "0017_forwarding")]

    operations = [
        migrations.RunSQL(
            sql=sql.text("incidents", "index_alike"),
            reverse_sql=sql.text("incidents", "index_alike_undo"),
        ),
    ]
