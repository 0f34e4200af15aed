"""Photos that are cropped, and uploads that may break off and go on."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with defaults of the database, so that no row is rewritten and the release
    before this one can still add photos; the two checks read the rows once, a few a customer."""

    dependencies = [
        ('sharing', '0008_votes'),
        ('trials', '0006_reminder'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PhotoUpload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('consent_version', models.CharField(max_length=20)),
                ('length', models.PositiveIntegerField(help_text='Bytes it will have.')),
                ('received', models.PositiveIntegerField(default=0, help_text='Bytes it has, from its start.')),
                ('refusal', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'ordering': ('created_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='PhotoUploadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ('start',),
            },
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_height',
            field=models.FloatField(db_default=1.0, default=1.0),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_left',
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_shown',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_top',
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddField(
            model_name='photo',
            name='crop_width',
            field=models.FloatField(db_default=1.0, default=1.0),
        ),
        migrations.AddField(
            model_name='photo',
            name='crops_chosen',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='photo',
            name='master_height',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='photo',
            name='master_width',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='photo',
            name='placeholder',
            field=models.CharField(blank=True, db_default='', default='', max_length=600),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('crop_height__gt', 0), ('crop_height__lte', 1), ('crop_left__gte', 0), ('crop_top__gte', 0), ('crop_width__gt', 0), ('crop_width__lte', 1)), name='crop_within_the_photo'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('crop_shown__lte', models.F('crops_chosen'))), name='no_crop_shown_before_chosen'),
        ),
        migrations.AddField(
            model_name='photoupload',
            name='photo',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='sharing.photo'),
        ),
        migrations.AddField(
            model_name='photoupload',
            name='trial_item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trials.trialitem'),
        ),
        migrations.AddField(
            model_name='photoupload',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photo_uploads', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='photouploadpart',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='sharing.photoupload'),
        ),
        migrations.AddConstraint(
            model_name='photoupload',
            constraint=models.CheckConstraint(condition=models.Q(('length__gt', 0), ('received__lte', models.F('length'))), name='upload_no_longer_than_said'),
        ),
        migrations.AddConstraint(
            model_name='photoupload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('photo', None), ('refusal', '')), ('received', models.F('length')), _connector='OR'), name='upload_settled_only_when_whole'),
        ),
        migrations.AddConstraint(
            model_name='photouploadpart',
            constraint=models.UniqueConstraint(fields=('upload', 'start'), name='one_part_an_offset'),
        ),
        migrations.AddConstraint(
            model_name='photouploadpart',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='no_empty_part'),
        ),
    ]
