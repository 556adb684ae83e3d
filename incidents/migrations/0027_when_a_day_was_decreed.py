from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0026_events_of_another_server'),
    ]

    operations = [
        migrations.AddField(
            model_name='decreedday',
            name='entered_at',
            field=models.DateTimeField(
                auto_now_add=True, help_text='What ended before was reckoned without it', null=True
            ),
        ),
    ]
