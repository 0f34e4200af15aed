"""What the API says about programmes, and what it takes."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from djmoney.money import Money
from rest_framework import serializers

from shop.customers.countries import COUNTRIES
from shop.foundation.api import MoneySerializerField
from trials.programme.models import AMOUNTS, DayCount, Mode

DAYS: dict[str, Any] = {"min_value": 0, "max_value": 365, "required": False}
PERCENT: dict[str, Any] = {"min_value": 0, "max_value": 100, "required": False}


class TermsInput(serializers.Serializer):
    """Whose terms are asked for."""

    country = serializers.ChoiceField(
        choices=sorted(COUNTRIES),
        required=False,
        help_text="Where the box would go, ISO 3166-1 alpha-2; the shop's home if not given.",
    )


class TermOutput(serializers.Serializer):
    """One term in words."""

    name = serializers.CharField(help_text="Stable, for programs.")
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class RulesOutput(serializers.Serializer):
    """The rules as figures."""

    frames_per_box = serializers.IntegerField()
    days_at_home = serializers.IntegerField()
    grace_days = serializers.IntegerField()
    shipping_days = serializers.IntegerField()
    fee = MoneySerializerField()
    deposit = MoneySerializerField()
    hold = MoneySerializerField()
    most_value = MoneySerializerField(help_text="Of a whole box; zero for any value.")
    open_trials_per_customer = serializers.IntegerField()
    cool_down_days = serializers.IntegerField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    day_count = serializers.ChoiceField(
        choices=DayCount.choices, help_text="Which days count: at home, of grace, and as late."
    )
    reminder_days = serializers.ListField(child=serializers.IntegerField())
    extension_days = serializers.IntegerField()
    longest_wait_days = serializers.IntegerField()
    unreturned_percent = serializers.IntegerField()
    damaged_percent = serializers.IntegerField()
    late_fee = MoneySerializerField(help_text="A late day, as `day_count` counts them.")
    late_fee_cap = MoneySerializerField(help_text="Of a whole trial; zero for no cap.")
    late_return_days = serializers.IntegerField()
    late_return_percent = serializers.IntegerField()


class TermsOutput(serializers.Serializer):
    """The terms a box to a country would be placed under."""

    version_id = serializers.IntegerField(source="version.pk")
    programme = serializers.SlugField(source="version.programme.slug")
    rules = RulesOutput(source="version")
    terms = TermOutput(many=True)
    due_now = MoneySerializerField(help_text="Charged when the box is asked for.")


class StaffProgrammeOutput(serializers.Serializer):
    """A programme with what counts and what comes."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    active = serializers.BooleanField()
    countries = serializers.ListField(child=serializers.CharField())
    now_number = serializers.IntegerField(allow_null=True)
    next_number = serializers.IntegerField(allow_null=True)
    next_from = serializers.DateTimeField(allow_null=True)


class StaffProgrammeChangeInput(serializers.Serializer):
    """What a programme is called and where it is offered; what is left out stays."""

    name = serializers.CharField(max_length=80, required=False)
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2),
        required=False,
        max_length=300,
        help_text="Where boxes are sent, ISO 3166-1 alpha-2; empty for everywhere.",
    )
    active = serializers.BooleanField(required=False, help_text="Whether it is offered.")


class StaffProgrammeInput(StaffProgrammeChangeInput):
    """A new programme, offered everywhere if nothing else is said."""

    slug = serializers.SlugField(max_length=50, help_text="Its name in addresses, for good.")
    name = serializers.CharField(max_length=80)


class StaffVersionOutput(serializers.Serializer):
    """A version of a programme."""

    number = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    published_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    rules = RulesOutput(source="*")


class ChangeOutput(serializers.Serializer):
    """How a term differs from the version that counts now."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ExampleOutput(serializers.Serializer):
    """A trial placed now."""

    arrives_on = serializers.DateField()
    due_on = serializers.DateField()
    extended_to = serializers.DateField(allow_null=True)
    charged_after = serializers.DateField()
    reminded_on = serializers.ListField(child=serializers.DateField())
    due_now = MoneySerializerField()
    hold = MoneySerializerField()
    price = MoneySerializerField(help_text="What frames of the shop cost on average.")
    missing = MoneySerializerField()
    damaged = MoneySerializerField()
    late_days = serializers.IntegerField()
    late_fee = MoneySerializerField()


class StaffPreviewOutput(serializers.Serializer):
    """A version as it would be published."""

    version = StaffVersionOutput()
    terms = TermOutput(many=True)
    changes = ChangeOutput(many=True)
    example = ExampleOutput()
    seen = serializers.CharField(help_text="What these very terms are published with.")


class StaffVersionInput(serializers.Serializer):
    """What changes in the next version; what is left out stays as in the last."""

    after = serializers.IntegerField(
        min_value=0, help_text="The number of the newest version you have seen; 0 for none."
    )
    valid_from = serializers.DateTimeField(required=False, help_text="Now if not given.")
    frames_per_box = serializers.IntegerField(min_value=1, max_value=20, required=False)
    days_at_home = serializers.IntegerField(min_value=1, max_value=365, required=False)
    grace_days = serializers.IntegerField(**DAYS)
    shipping_days = serializers.IntegerField(**DAYS)
    open_trials_per_customer = serializers.IntegerField(min_value=0, max_value=100, required=False)
    cool_down_days = serializers.IntegerField(**DAYS)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    day_count = serializers.ChoiceField(choices=DayCount.choices, required=False)
    reminder_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=365), required=False, max_length=30
    )
    extension_days = serializers.IntegerField(**DAYS)
    longest_wait_days = serializers.IntegerField(**DAYS)
    unreturned_percent = serializers.IntegerField(**PERCENT)
    damaged_percent = serializers.IntegerField(**PERCENT)
    late_return_days = serializers.IntegerField(**DAYS)
    late_return_percent = serializers.IntegerField(**PERCENT)
    currency = serializers.ChoiceField(
        choices=settings.CURRENCIES,
        required=False,
        help_text="Of all amounts, ISO 4217; the shop's if not given. Amounts that are left out "
        "and are not nothing have to be in it already.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields with one for each amount."""
        return super().get_fields() | {name: _amount() for name in sorted(AMOUNTS)}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent, amounts as money."""
        currency = attrs.get("currency", settings.DEFAULT_CURRENCY)
        return {
            name: Money(value, currency) if name in AMOUNTS else value
            for name, value in attrs.items()
        }


class StaffVersionPublishInput(StaffVersionInput):
    """The next version as its preview has shown it."""

    seen = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text="Of the preview of these very terms; without it nothing is published.",
    )


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        min_value=Decimal(0),
        required=False,
        help_text="In `currency`, with as many decimals as it has.",
    )
