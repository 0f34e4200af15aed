"""What a customer adds to her objection to a charge for damage."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table: the release that still runs knows nothing of it."""

    dependencies = [
        ('trials', '0067_claim_moves_of_before'),
    ]

    operations = [
        migrations.CreateModel(
            name='FurtherObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=500, verbose_name='in her words')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said at')),
                ('proposal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='further', to='trials.chargeproposal', verbose_name='charge proposal')),
            ],
            options={
                'verbose_name': 'further objection',
                'verbose_name_plural': 'further objections',
                'ordering': ('said_at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('proposal', 'words'), name='further_objection_once')],
            },
        ),
    ]
