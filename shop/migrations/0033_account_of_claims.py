"""What carriers pay for lost parcels has an account of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes a list of choices alone: the database knows nothing of it."""

    dependencies = [("shop", "0032_payment_tried")]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='account',
            field=models.CharField(choices=[('stripe', 'Balance at Stripe'), ('receivable', 'Owed by customers'), ('sales', 'Sales'), ('unreturned', 'Unreturned trial frames'), ('kept_sales', 'Trial frames sold'), ('sales_tax', 'Sales tax to be paid'), ('late_fees', 'Late fees'), ('rewards', 'Rewards'), ('deposits', "Customers' deposits"), ('trial_fees', 'Fees of trials'), ('disputes', "Taken back by customers' banks"), ('dispute_fees', 'Fees of disputes'), ('customer_credit', "Customers' credit"), ('shipping', 'Parcels of trials'), ('refurbishment', 'Cleaning and repair'), ('labour', 'Work on trials'), ('write_offs', 'Units written off'), ('claims', 'Paid by carriers for lost parcels'), ('goods', 'Cost of frames sold'), ('costs_accrued', 'Costs to be paid'), ('inventory', 'Stock')], max_length=20, verbose_name='account'),
        ),
    ]
