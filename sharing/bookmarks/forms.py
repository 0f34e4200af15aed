"""The form by which a frame is saved, and the small ones beside it."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.bookmarks.models import Audience, Bookmark
from sharing.bookmarks.queries.answering import BRIDGES, Asked
from sharing.bookmarks.services.saving import LONGEST_NOTE, usual_audience
from sharing.circles.queries import open_circles_of
from shop.catalogue.models import Shape, Width
from shop.catalogue.shopify.colours import FAMILIES
from shop.customers.models import User

CIRCLE = "circle:"


class SaveForm(forms.Form):
    """Tags, a note, and who sees it: one of her circles, only she, or everybody."""

    typed = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Separated by commas, such as: for work, narrow bridge"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_by = forms.ChoiceField(label=gettext_lazy("Who sees it?"), widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        circles = open_circles_of(user, kind="customers")
        self.has_circles = bool(circles)
        field = self.fields["seen_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((f"{CIRCLE}{each.pk}", each.name) for each in circles),
            (Audience.PRIVATE.value, Audience.PRIVATE.label),
            (Audience.PUBLIC.value, Audience.PUBLIC.label),
        ]
        if "seen_by" not in self.initial:
            self.initial["seen_by"] = seen_by(*usual_audience(user))
        if not circles:
            field.help_text = _(
                "You are in no circle yet, so only you see it. Make a circle to share what you"
                " save with a few people."
            )

    def said(self) -> dict[str, Any]:
        """Return what ``save_frame`` and ``change_bookmark`` take of a valid form."""
        audience, _colon, circle = self.cleaned_data["seen_by"].partition(":")
        return {
            "tags": [*self.data.getlist("tags"), self.cleaned_data["typed"]],  # type: ignore[attr-defined]
            "note": self.cleaned_data["note"],
            "audience": audience,
            "circle_id": uuid.UUID(circle) if circle else None,
        }


def seen_by(audience: str, circle_id: uuid.UUID | None) -> str:
    """Return an audience as the form's choice."""
    return f"{CIRCLE}{circle_id}" if circle_id else str(audience)


def filled(bookmark: Bookmark) -> dict[str, Any]:
    """Return what the form shows of a bookmark first."""
    return {
        "typed": ", ".join(bookmark.tags),
        "note": bookmark.note,
        "seen_by": seen_by(bookmark.audience, bookmark.circle_id),
    }


class AskForm(forms.Form):
    """What the frames must be like that somebody of the circle tried."""

    bridge = forms.ChoiceField(label=gettext_lazy("Bridge"), required=False)
    shape = forms.ChoiceField(label=gettext_lazy("Shape"), required=False)
    width = forms.ChoiceField(label=gettext_lazy("Width"), required=False)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of_them = [("", _("Any"))]
        bridges = dict(zip(BRIDGES, (_("Narrow"), _("Medium"), _("Wide")), strict=True))
        colours = [(name, label) for name, (label, _hex, _hex2) in FAMILIES.items()]
        choices: dict[str, list[Any]] = {
            "bridge": list(bridges.items()),
            "shape": list(Shape.choices),
            "width": list(Width.choices),
            "colour": colours,
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*any_of_them, *options]

    def asked(self) -> Asked:
        """Return the question; what is no choice asks for nothing."""
        if not self.is_bound or not self.is_valid():
            return Asked()
        return Asked(**self.cleaned_data)


class MergeForm(forms.Form):
    """Two tags, of which one goes."""

    from_tag = forms.CharField(label=gettext_lazy("This tag"), max_length=60)
    to_tag = forms.CharField(label=gettext_lazy("becomes this one"), max_length=60)


class NoteForm(forms.Form):
    """A colleague's note on something."""

    circle = forms.UUIDField()
    kind = forms.CharField(max_length=10)
    key = forms.CharField(max_length=40)
    typed = forms.CharField(required=False, max_length=400)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
