"""What a manager enters to publish terms."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from shop.foundation.money import quantize
from trials.programme.models import AMOUNTS, ProgrammeVersion
from trials.programme.services import COPIED

# The database's own limits, said beside the field.
_BETWEEN = {
    "frames_per_box": (1, 20),
    "days_at_home": (1, 365),
    "unreturned_percent": (0, 100),
    "damaged_percent": (0, 100),
    "late_return_percent": (0, 100),
}


class VersionForm(forms.ModelForm):
    """The next version of a programme, and the number of the newest one when it was begun."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    valid_from = forms.DateTimeField(
        label=_("Counts from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Leave it empty for at once."),
    )

    class Meta:
        model = ProgrammeVersion
        fields = COPIED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            self.initial[name] = quantize(getattr(self.instance, name))
            # One legend stands for both boxes; each says to a screen reader which it is.
            amount, currency = self.fields[name].widget.widgets
            amount.attrs["aria-label"] = self.fields[name].label
            currency.attrs["aria-label"] = _("Currency")
        # Django's own words speak of an array; why an entry is none follows them.
        self.fields["reminder_days"].error_messages["item_invalid"] = _(
            "Entry %(nth)s of the list, counted from the left:"
        )
        for name, (least, most) in _BETWEEN.items():
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def rules(self) -> dict[str, Any]:
        """Return what was entered, as ``publish_version`` takes it; only of a valid form."""
        entered = {name: self.cleaned_data[name] for name in COPIED}
        if self.cleaned_data["valid_from"]:
            entered["valid_from"] = self.cleaned_data["valid_from"]
        return entered

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under their headings, in the order of the page."""
        return [(str(label), [self[name] for name in names]) for label, names in _GROUPS]


_GROUPS = (
    (_("The box"), ("frames_per_box", "most_value", "mode")),
    (
        _("Days"),
        (
            "days_at_home",
            "day_count",
            "grace_days",
            "shipping_days",
            "reminder_days",
            "extension_days",
            "longest_wait_days",
        ),
    ),
    (_("When she asks"), ("fee", "deposit", "hold")),
    (
        _("At the end"),
        (
            "unreturned_percent",
            "damaged_percent",
            "late_fee",
            "late_fee_cap",
            "late_return_days",
            "late_return_percent",
        ),
    ),
    (_("How often"), ("open_trials_per_customer", "cool_down_days")),
    (_("From when"), ("valid_from",)),
)
