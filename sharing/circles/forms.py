"""Forms of circles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.circles.services.inviting import MOST_USES
from sharing.circles.services.keeping import LONGEST_NAME
from sharing.circles.states import Role
from shop.customers.forms import called_field


class CircleForm(forms.Form):
    """A circle's name."""

    name = forms.CharField(
        label=_("Name of the circle"),
        max_length=LONGEST_NAME,
        help_text=_("Such as “Sisters” or “Office”. Its people see it."),
    )


class ColleaguesCircleForm(CircleForm):
    """The name of a circle of colleagues."""

    name = forms.CharField(
        label=_("Name of the circle"),
        max_length=LONGEST_NAME,
        help_text=_("Such as “Workshop” or “Returns”. Its people see it."),
    )


class LinkInvitationForm(forms.Form):
    """A link that lets people in."""

    label = forms.CharField(
        label=_("For whom?"),
        help_text=_("A note for yourself, such as “Family”."),
        max_length=60,
        required=False,
    )
    most_uses = forms.IntegerField(
        label=_("How many people may come by it?"), min_value=1, max_value=MOST_USES, initial=5
    )


class MailInvitationForm(forms.Form):
    """An invitation by mail, for one person."""

    mail_to = forms.EmailField(label=_("Email address"), max_length=254)

    def __init__(self, *args: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_name:
            self.fields["called"] = called_field(required=True)


class RoleForm(forms.Form):
    """What somebody is to be; the owner only by a page that asks first."""

    role = forms.ChoiceField(choices=[(each, each) for each in (Role.EDITOR, Role.MEMBER)])
