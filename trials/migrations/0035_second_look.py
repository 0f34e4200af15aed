"""A person may be asked to look at what the rules declined."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes a table."""

    dependencies = [
        ('trials', '0034_asked_deposit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='in her words')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked at')),
                ('answer', models.CharField(blank=True, choices=[('approved', 'Approved'), ('declined', 'Declined')], max_length=10, verbose_name='answer')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('followed_by', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='after_look', to='trials.trial', verbose_name='followed by')),
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='second_look', to='trials.trial', verbose_name='trial')),
            ],
            options={
                'verbose_name': 'second look',
                'verbose_name_plural': 'second looks',
                'ordering': ('asked_at', 'pk'),
                'indexes': [models.Index(condition=models.Q(('answer', '')), fields=['asked_at'], name='look_to_decide')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('decided_at', None), ('followed_by', None)), models.Q(('answer', 'declined'), ('decided_at__isnull', False), ('followed_by', None)), models.Q(('answer', 'approved'), ('decided_at__isnull', False), ('followed_by__isnull', False)), _connector='OR'), name='look_decided_once')],
            },
        ),
    ]
