"""Addresses are looked up by place; the index is built while the shop goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Outside a transaction, as building it beside the shop demands."""

    atomic = False
    dependencies = [("shop", "0019_words_of_refusals")]

    operations = [
        AddIndexConcurrently(
            model_name="address",
            index=models.Index(fields=["country", "postal_code"], name="address_by_place"),
        ),
    ]
