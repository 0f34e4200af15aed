"""What the headers of the pages list. Knows every floor's front door, so that no floor must."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _

from sharing.waiting import waiting_for
from shop.orders.session_cart import session_cart_count
from trials.console.queries.looked_after import counted_in_menus
from trials.home_trials.session_box import variants_in_box


@cache
def _address(name: str, _prefix: str, _urlconf: Any) -> str:
    return reverse(name)


def _entry(request: HttpRequest, label: str, name: str, icon: str = "") -> dict[str, Any]:
    # Thirty a page, none of which changes: Django would go through all patterns for each.
    url = _address(name, get_script_prefix(), get_urlconf())
    here = request.path == url if name == "console:home" else request.path.startswith(url)
    return {"label": label, "url": url, "active": here, "icon": icon}


def shop_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``shop_nav`` and the counts beside the box and the cart, on the shop's pages."""
    # Nobody is known yet where a request is refused before the log-in is looked at.
    if request.path.startswith("/console/") or not hasattr(request, "user"):
        return {}
    entries = [_entry(request, _("Frames"), "catalogue:frame_list")]
    if request.user.is_authenticated:
        entries += [
            _entry(request, _("Trials"), "trials:trial_list"),
            _entry(request, _("Galleries"), "sharing:gallery_list"),
            _entry(request, _("Saved"), "sharing:saved"),
            _entry(request, _("Circles"), "sharing:circle_list"),
            _entry(request, _("Orders"), "orders:order_list"),
        ]
    return {
        "shop_nav": entries,
        # Called by the templates that show them: a friend's page has no header and asks nothing.
        "box_count": cache(lambda: len(variants_in_box(request))),
        "cart_count": cache(lambda: session_cart_count(request)),
    }


def _trials_and_cards_refused(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the entries of all trials and of a part of the same list; one of them is shown."""
    trials = _entry(request, _("Trials"), "console:trial_list", "glasses")
    refused = _entry(request, _("Cards refused"), "console:trial_list", "card")
    here = request.path == trials["url"] and request.GET.get("state") == "unheld"
    return (
        trials | {"active": trials["active"] and not here},
        refused | {"url": f"{trials['url']}?state=unheld", "active": here},
    )


def _waits(request: HttpRequest) -> dict[str, int]:
    """Return how much waits behind the entries that say so: two queries."""
    said = {each.name: each.count for each in waiting_for(request.user)}
    return said | counted_in_menus()


def console_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``console_nav`` on the console's pages: groups of entries the reader may follow.

    The first group has no name.
    """
    if not request.path.startswith("/console/") or not hasattr(request, "user"):
        return {}
    # Asked by the template that shows it, once a page: a refusal or a download asks nothing.
    waits = cache(lambda: _waits(request))

    def counted(entry: dict[str, Any], queue: str) -> dict[str, Any]:
        return entry | {"count": lambda: waits().get(queue, 0)}

    friends = [
        counted(_entry(request, _("Stylist"), "sharing:stylist_queue", "comment"), "stylist"),
        counted(_entry(request, _("Referrals"), "sharing:console_held", "users"), "referrals"),
        counted(_entry(request, _("Objections"), "sharing:objection_list", "image"), "objections"),
    ]
    if request.user.has_perm("sharing.view_commentreport"):
        entry = _entry(request, _("Reports"), "sharing:report_list", "comment")
        friends.append(counted(entry, "reports"))
    trials, refused = _trials_and_cards_refused(request)
    groups = [
        (
            "",
            [
                _entry(request, _("Today"), "console:home", "home"),
                trials,
                counted(_entry(request, _("To look at"), "console:risk_queue", "users"), "looks"),
            ],
        ),
        (
            _("Going out"),
            [
                _entry(request, _("Pick"), "console:batch_list", "box"),
                _entry(request, _("Pack"), "console:pack", "barcode"),
                _entry(request, _("Hand over"), "console:manifest_list", "truck"),
                _entry(request, _("Parcels"), "console:parcel_list", "alert"),
                refused,
                _entry(request, _("Never came"), "console:missed_list", "truck"),
            ],
        ),
        (
            _("Coming back"),
            [
                _entry(request, _("Check in"), "console:check_in", "return"),
                _entry(request, _("To put back"), "console:put_back", "tag"),
                _entry(request, _("Damage"), "console:proposal_list", "alert"),
                _entry(request, _("Arrived broken"), "console:broken_list", "glasses"),
                _entry(request, _("Left in boxes"), "console:left_list", "box"),
                _entry(request, _("Lost parcels"), "console:claim_list", "truck"),
            ],
        ),
        (
            _("Money"),
            [
                _entry(request, _("Overdue"), "console:overdue", "clock"),
                _entry(request, _("Charges"), "console:charge_list", "card"),
                counted(
                    _entry(request, _("Disputes"), "payments:dispute_list", "alert"), "disputes"
                ),
                _entry(request, _("Orders"), "orders:console_list", "cart"),
            ],
        ),
        (
            _("Stock and rules"),
            [
                _entry(request, _("Units"), "console:unit_list", "tag"),
                _entry(request, _("Waitlist"), "console:waitlist", "clock"),
                _entry(request, _("Programmes"), "console:programme_list", "check"),
            ],
        ),
        (_("Customers and friends"), friends),
        (
            _("Among us"),
            [
                _entry(request, _("Circles"), "sharing:staff_circles", "users"),
                counted(_entry(request, _("Ideas"), "sharing:console_ideas", "heart"), "ideas"),
                _entry(request, _("Panels"), "sharing:panel_list", "users"),
            ],
        ),
    ]
    if request.user.has_perm("shop.view_scorecard"):
        figures = [
            _entry(request, _("Scorecard"), "analytics:scorecard", "chart"),
            _entry(request, _("Economics"), "console:economics", "chart"),
            _entry(request, _("Planning"), "console:planning", "chart"),
        ]
        groups.append((_("Figures"), figures))
    return {"console_nav": [{"label": label, "entries": entries} for label, entries in groups]}
