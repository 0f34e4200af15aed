"""What the headers of the pages list. Knows every floor's front door, so that no floor must."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from trials.home_trials.session_box import variants_in_box


def _entry(request: HttpRequest, label: str, name: str, icon: str = "") -> dict[str, Any]:
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = "/"
    return {"label": label, "url": url, "active": request.path.startswith(url), "icon": icon}


def shop_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``shop_nav`` and the counts beside the box and the cart."""
    if request.path.startswith("/console/"):
        return {}
    entries = [_entry(request, _("Frames"), "catalogue:frame_list")]
    if request.user.is_authenticated:
        entries += [
            _entry(request, _("Trials"), "trials:trial_list"),
            _entry(request, _("Galleries"), "sharing:gallery_list"),
            _entry(request, _("Orders"), "orders:order_list"),
        ]
    # Asked for only by a page that shows the number.
    return {"shop_nav": entries, "box_count": lambda: len(variants_in_box(request))}


def console_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``console_nav`` on the console's pages, as far as the reader may go."""
    if not request.path.startswith("/console/"):
        return {}
    entries = [_entry(request, _("Today"), "console:home", "home")]
    return {"console_nav": entries}
