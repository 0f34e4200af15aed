"""The form by which photos are sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from trials.home_trials.models import TrialItem

PHOTOS_A_FORM = 10


class ManyFilesInput(forms.ClearableFileInput):
    """A file field of a page that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several files, each checked as one would be."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the list of files.

        Raises:
            ValidationError: there is none, or more than ``PHOTOS_A_FORM``.
        """
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > PHOTOS_A_FORM:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Send up to %(n)s photo at a time.",
                    "Send up to %(n)s photos at a time.",
                    PHOTOS_A_FORM,
                )
                % {"n": PHOTOS_A_FORM}
            )
        return [super(ManyFilesField, self).clean(each, initial) for each in files or [None]]


class FrameChoice(forms.ModelChoiceField):
    """One frame of the trial, by the name customers read."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the frame's name and colour."""
        return str(obj.variant)


class PhotoForm(forms.Form):
    """Photos of one frame, and the consent to keep and show them."""

    frame = FrameChoice(
        queryset=TrialItem.objects.none(),
        label=_("Which frame are you wearing?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    photos = ManyFilesField(
        label=_("Photos"),
        help_text=_("JPEG, PNG, WebP or HEIC, up to 20 MB each. Place and camera are removed."),
        widget=ManyFilesInput(
            attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,image/heic,.heic"}
        ),
    )
    consent = forms.BooleanField(
        label=_("Lorgnette may keep these photos and show them to everybody I send my link to."),
        help_text=_("You can remove each photo at any time; it is then gone for everybody."),
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["frame"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = items
