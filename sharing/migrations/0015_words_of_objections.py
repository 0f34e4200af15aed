"""A name that people read in the admin."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes no column."""

    dependencies = [
        ('sharing', '0014_gallery_shows_bought'),
    ]

    operations = [
        migrations.AlterField(
            model_name='photoobjection',
            name='told_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='owner told at'),
        ),
    ]
