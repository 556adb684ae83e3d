from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0013_what_the_desk_reads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sealing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField(default=0)),
                ('event', models.BigIntegerField(default=0)),
                ('seals', models.PositiveBigIntegerField(default=0)),
                ('rolled', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RemoveField(
            model_name='daydigest',
            name='events',
        ),
        migrations.AddField(
            model_name='daydigest',
            name='event',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='daydigest',
            name='seals',
            field=models.PositiveBigIntegerField(default=0, help_text='All there are, up to here'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='daydigest',
            name='transaction',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
    ]
