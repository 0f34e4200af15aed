"""An intent is still of one payment, unless it is shared; a refund of one payment once."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds the new indexes beside running code, then drops the narrower rules."""

    atomic = False
    dependencies = [("shop", "0021_shared_intents")]

    operations = [
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(fields=["stripe_payment_intent_id"], name="payment_by_intent"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_payment_an_intent"
                    " ON shop_payment (stripe_payment_intent_id) WHERE NOT shares_intent",
                    "DROP INDEX CONCURRENTLY one_payment_an_intent",
                ),
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_refund_a_payment"
                    " ON shop_refund (stripe_refund_id, payment_id)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE shop_refund ADD CONSTRAINT one_refund_a_payment"
                    " UNIQUE USING INDEX one_refund_a_payment",
                    "ALTER TABLE shop_refund DROP CONSTRAINT one_refund_a_payment",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("shares_intent", False)),
                        fields=("stripe_payment_intent_id",),
                        name="one_payment_an_intent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="refund",
                    constraint=models.UniqueConstraint(
                        fields=("stripe_refund_id", "payment"), name="one_refund_a_payment"
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="payment",
            name="stripe_payment_intent_id",
            field=models.CharField(max_length=60, null=True, verbose_name="PaymentIntent"),
        ),
        migrations.AlterField(
            model_name="refund",
            name="stripe_refund_id",
            field=models.CharField(max_length=60, null=True, verbose_name="refund at Stripe"),
        ),
    ]
