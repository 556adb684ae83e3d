from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_statuses")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="address",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Where it is, in words; private like the text",
                max_length=300,
            ),
        ),
    ]
