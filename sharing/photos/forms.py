"""The forms by which photos are sent and cropped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sharing.photos.models import Photo
from shop.foundation.photos.crops import WHOLE, Crop, middle
from trials.home_trials.models import TrialItem

PHOTOS_A_FORM = 10
# What can be had by one press: a name, its words, and the shape, width by height.
PRESETS = (
    ("whole", _("Whole photo"), None),
    ("portrait", _("Portrait"), 0.8),
    ("square", _("Square"), 1.0),
)
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/avif,.heic,.avif"


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
        help_text=_(
            "JPEG, PNG, WebP, HEIC or AVIF, up to 20 MB each. Place and camera are removed."
        ),
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ACCEPT}),
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


def _percent(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


class CropForm(forms.Form):
    """The part of a photo that is shown: one of the ready shapes, or four numbers in percent."""

    preset = forms.ChoiceField(choices=[each[:2] for each in PRESETS], required=False)
    left = _percent(_("From the left, %"))
    top = _percent(_("From above, %"))
    width = _percent(_("Width, %"))
    height = _percent(_("Height, %"))

    def __init__(self, *args: Any, photo: Photo, **kwargs: Any) -> None:
        now = photo.crop
        edges = {name: getattr(now, name) for name in ("left", "top", "width", "height")}
        initial = {name: round(share * 100, 1) for name, share in edges.items()}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.photo = photo

    @property
    def crop(self) -> Crop:
        """The part that was chosen; a number left out is as it is for the whole photo."""
        chosen = self.cleaned_data
        if chosen["preset"]:
            shape = {name: shape for name, _label, shape in PRESETS}[chosen["preset"]]
            width, height = self.photo.whole_size
            return middle(shape, width=width, height=height) if shape else WHOLE
        shares = {
            name: getattr(WHOLE, name) if chosen[name] is None else chosen[name] / 100
            for name in ("left", "top", "width", "height")
        }
        return Crop(**shares)
