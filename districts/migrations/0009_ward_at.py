from django.db import migrations

from gis_core import sql


class Migration(migrations.Migration):
    dependencies = [("districts", "0008_residents")]

    operations = [
        migrations.RunSQL(
            sql=sql.text("districts", "ward_at_made"),
            reverse_sql=sql.text("districts", "ward_at_undo"),
        ),
    ]
