"""A claim that was paid may be given back to the carrier."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a choice, of which the database knows nothing, and a rule for new rows first."""

    dependencies = [("trials", "0058_wait_passed_over")]

    operations = [
        migrations.AlterField(
            model_name='claim',
            name='state',
            field=models.CharField(choices=[('open', 'To be filed'), ('filed', 'Filed'), ('paid', 'Paid by the carrier'), ('refused', 'Refused by the carrier'), ('withdrawn', 'Withdrawn'), ('given_back', 'Given back to the carrier')], default='open', max_length=10, verbose_name='state'),
        ),
        AddConstraintNotValid(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('paid__gt', 0), models.Q(('state', 'given_back'), _negated=True), _connector='OR'), name='claim_given_back_of_something'),
        ),
    ]
