"""A campaign may give days at home instead of money."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns that may be empty to two tables, and rules to the small one."""

    dependencies = [
        ('sharing', '0011_privacy'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_advocate_percent_1_to_100',
        ),
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_friend_percent_1_to_100',
        ),
        migrations.AddField(
            model_name='campaign',
            name='advocate_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='They cost no budget.', null=True, verbose_name='days at home, advocate'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='friend_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='They cost no budget.', null=True, verbose_name='days at home, friend'),
        ),
        migrations.AddField(
            model_name='referralterms',
            name='advocate_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='They cost no budget.', null=True, verbose_name='days at home, advocate'),
        ),
        migrations.AddField(
            model_name='referralterms',
            name='friend_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='They cost no budget.', null=True, verbose_name='days at home, friend'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='advocate_kind',
            field=models.CharField(choices=[('amount', 'An amount'), ('percent', "A share of the friend's order"), ('extension', 'More days at home, once')], max_length=10, verbose_name="advocate's reward"),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='friend_kind',
            field=models.CharField(choices=[('amount', 'An amount'), ('percent', "A share of the friend's order"), ('extension', 'More days at home, once')], max_length=10, verbose_name="friend's reward"),
        ),
        migrations.AlterField(
            model_name='referralterms',
            name='advocate_kind',
            field=models.CharField(choices=[('amount', 'An amount'), ('percent', "A share of the friend's order"), ('extension', 'More days at home, once')], max_length=10, verbose_name="advocate's reward"),
        ),
        migrations.AlterField(
            model_name='referralterms',
            name='friend_kind',
            field=models.CharField(choices=[('amount', 'An amount'), ('percent', "A share of the friend's order"), ('extension', 'More days at home, once')], max_length=10, verbose_name="friend's reward"),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('advocate_kind', 'percent'), _negated=True), models.Q(('advocate_percent__isnull', False), ('advocate_percent__range', (1, 100))), _connector='OR'), name='campaign_advocate_percent_1_to_100'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('friend_kind', 'percent'), _negated=True), models.Q(('friend_percent__isnull', False), ('friend_percent__range', (1, 100))), _connector='OR'), name='campaign_friend_percent_1_to_100'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('advocate_kind', 'extension'), _negated=True), models.Q(('advocate_amount', 0), ('advocate_days__isnull', False), ('advocate_days__range', (1, 60))), _connector='OR'), name='campaign_advocate_days_1_to_60'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('friend_kind', 'extension'), _negated=True), models.Q(('friend_amount', 0), ('friend_days__isnull', False), ('friend_days__range', (1, 60))), _connector='OR'), name='campaign_friend_days_1_to_60'),
        ),
    ]
