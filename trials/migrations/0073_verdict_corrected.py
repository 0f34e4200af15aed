"""What was found of a unit that came back can be put right, and keeps what it had been."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from shop.foundation.sql import append_only


FORWARD, BACKWARD = append_only("trials_verdictcorrection", erasable="corrected_by_id")


class Migration(migrations.Migration):
    """A column that may be empty, a new table, and choices, which the database does not know."""

    dependencies = [
        ('trials', '0072_tracking_page'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='corrected_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='corrected at'),
        ),
        migrations.AlterField(
            model_name='chargeproposal',
            name='state',
            field=models.CharField(choices=[('proposed', 'To be decided'), ('accepted', 'Customer told'), ('objected', 'Customer objects'), ('charged', 'Charged'), ('waived', 'Waived'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='VerdictCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding_before', models.CharField(choices=[('good', 'Good, back on the shelf'), ('repair', 'To be repaired'), ('damaged', 'Damaged beyond use')], max_length=10, verbose_name='finding before')),
                ('grade_before', models.CharField(choices=[('A', 'A, like new'), ('B', 'B, light traces'), ('C', 'C, visible wear'), ('D', 'D, not to be shown')], max_length=1, verbose_name='grade before')),
                ('note_before', models.CharField(blank=True, max_length=300, verbose_name='note before')),
                ('finding', models.CharField(choices=[('good', 'Good, back on the shelf'), ('repair', 'To be repaired'), ('damaged', 'Damaged beyond use')], max_length=10, verbose_name='finding')),
                ('grade', models.CharField(choices=[('A', 'A, like new'), ('B', 'B, light traces'), ('C', 'C, visible wear'), ('D', 'D, not to be shown')], max_length=1, verbose_name='grade')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='corrected at')),
                ('corrected_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrected by')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='trials.inspection', verbose_name='inspection')),
            ],
            options={
                'verbose_name': 'correction of a verdict',
                'verbose_name_plural': 'corrections of verdicts',
                'ordering': ('at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('finding', models.F('finding_before')), ('grade', models.F('grade_before')), _negated=True), name='correction_changes_the_verdict'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_says_why')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
