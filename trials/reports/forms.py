"""What a customer enters about a frame."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/avif,.heic,.avif"
PHOTOS_A_FORM = 6


class PhotosInput(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Up to ``PHOTOS_A_FORM`` files; none only where they are not required."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the list of files.

        Raises:
            ValidationError: there are too many, or none where some are required.
        """
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > PHOTOS_A_FORM:
            raise forms.ValidationError(
                _("Send up to %(n)s photos at a time.") % {"n": PHOTOS_A_FORM}
            )
        return [super(PhotosField, self).clean(each, initial) for each in files]


class MorePhotosForm(forms.Form):
    """More photos of what was told to be broken."""

    photos = PhotosField(label=_("Photos"))


class BrokenForm(forms.Form):
    """What is broken, in words and photos."""

    words = forms.CharField(
        label=_("What is broken?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        widget=PhotosInput(attrs={"multiple": True, "accept": ACCEPT}),
    )
