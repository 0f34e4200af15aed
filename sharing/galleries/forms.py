"""Forms of galleries and links."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sharing.galleries.models import Gallery
from sharing.galleries.services.galleries import MOST_FRAMES, QUESTION_LENGTH
from sharing.galleries.services.links import LIFE_DAYS, LINK_LIFE
from sharing.galleries.states import NamesShown
from shop.analytics.names import Channel
from shop.customers.forms import called_field


class GalleryForm(forms.Form):
    """Which trial is shown, and what friends are asked."""

    trial = forms.CharField(max_length=20)
    question = forms.CharField(max_length=QUESTION_LENGTH, required=False)


class VariantsField(forms.Field):
    """Ids of variants, each sent under the same name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        """Return the ids.

        Raises:
            ValidationError: one is no number, or there are more than a gallery could show.
        """
        sent = list(value or [])
        if len(sent) > 2 * MOST_FRAMES or not all(str(each).isdecimal() for each in sent):
            raise forms.ValidationError(_("Choose the frames again."))
        return [int(each) for each in sent]


class FramesGalleryForm(forms.Form):
    """Which frames are shown before a trial, and what friends are asked."""

    variant = VariantsField()
    question = forms.CharField(max_length=QUESTION_LENGTH, required=False)


class SettingsForm(forms.Form):
    """What an owner may change while friends vote."""

    question = forms.CharField(
        label=_("What do you ask?"), max_length=QUESTION_LENGTH, required=False
    )
    closes_at = forms.DateTimeField(
        label=_("Voting ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Leave it empty to end the voting yourself."),
    )
    is_blind = forms.TypedChoiceField(
        label=_("When do friends see how it stands?"),
        choices=[("1", _("After their own vote")), ("0", _("At once"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    names_shown = forms.ChoiceField(
        label=_("Who sees your friends’ names?"),
        choices=NamesShown.choices,
        widget=forms.RadioSelect,
    )

    shows_bought = forms.TypedChoiceField(
        label=_("Do friends see which pair you bought?"),
        choices=[("1", _("Yes, once I have bought it")), ("0", _("No, and no email tells them"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, gallery: Gallery, zone: ZoneInfo, data: Mapping[str, Any] | None = None) -> Self:
        """Return the form as a gallery is set, with what was sent.

        Args:
            gallery: the owner's.
            zone: hers, in which she reads and writes the deadline.
            data: what was sent; to be checked with ``zone`` the current time zone.
        """
        ends = gallery.closes_at and gallery.closes_at.astimezone(zone).replace(tzinfo=None)
        initial = {
            "question": gallery.asked,
            "closes_at": ends,
            "is_blind": "1" if gallery.is_blind else "0",
            "names_shown": gallery.names_shown,
            "shows_bought": "1" if gallery.shows_bought else "0",
        }
        return cls(data, initial=initial)


def _lives() -> list[tuple[int, str]]:
    """Return how long a link may open, in the language of who asks."""
    return [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in LIFE_DAYS]


class LinkForm(forms.Form):
    """A new link: by which way, for whom, for how long."""

    channel = forms.ChoiceField(
        choices=Channel.choices, widget=forms.HiddenInput, initial=Channel.LINK
    )
    label = forms.CharField(
        label=_("For whom?"),
        help_text=_("A note for yourself, such as “Family”."),
        max_length=60,
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("Opens for"),
        choices=_lives,
        coerce=int,
        empty_value="",
        initial=LINK_LIFE.days,
        required=False,
        widget=forms.RadioSelect,
    )
    one_person = forms.BooleanField(
        label=_("For one person only"),
        help_text=_("The first who votes by it comes in; it opens to nobody else."),
        required=False,
    )

    @property
    def is_plain(self) -> bool:
        """Whether any open link for that way would do: no life chosen, not for one person."""
        return not self.cleaned_data["days"] and not self.cleaned_data["one_person"]

    def wanted(self) -> dict[str, Any]:
        """Return what was sent, as ``create_link`` takes it."""
        sent = self.cleaned_data
        channel = sent["channel"]
        if sent["one_person"] and channel == Channel.LINK:
            channel = Channel.PERSON
        return {
            "channel": channel,
            "label": sent["label"],
            "life": timedelta(days=int(sent["days"] or LINK_LIFE.days)),
            "admits": 1 if sent["one_person"] else None,
        }


class InvitationForm(forms.Form):
    """To whom the shop sends a link, once; and by whom, where she has given no name yet."""

    address = forms.EmailField(
        label=_("Your friend’s email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    knows_me = forms.BooleanField(
        label=_("We know each other, and this mail will be welcome."),
        help_text=_("We send one mail in your name and do not keep the address."),
    )

    def __init__(self, *args: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_name:
            self.fields["called"] = called_field(required=True)
