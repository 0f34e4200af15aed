"""What pages of lower rooms show of higher ones: free variants, what can be done with a frame."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.models import Variant
from shop.customers.models import User
from trials.at_home.queries import ExtensionOffer, extension_offer
from trials.console.filters import filter_in
from trials.console.queries.filters import shown_filters
from trials.home_trials.expected import Availability, availabilities
from trials.home_trials.models import Trial
from trials.home_trials.session_box import variants_in_box
from trials.reports.pages import acts_of
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import debts_of
from trials.returns.queries.damage import proposals_told
from trials.risk.models import SecondLook
from trials.risk.queries import look_of
from trials.risk.services.quoting import PlacingCosts, placing_costs
from trials.swaps.queries import is_swappable, swaps_of
from trials.units.queries import available_counts, waits_of

register = template.Library()


@register.simple_tag(takes_context=True)
def availability(context: Context, variant: Variant) -> Availability:
    """Return whether a variant is free for whoever looks, or when it should be."""
    known = _known(context)
    return availabilities([variant.pk], now=timezone.now(), user=known)[variant.pk]


@register.simple_tag(takes_context=True)
def try_at_home(context: Context, variant: Variant) -> dict[str, Any]:
    """Return what the "Try at home" form of a variant needs.

    Returns:
        ``free``, how many units there are for her, ``inside``, whether it is in her box, and
        ``wait``, her place in the line, where none is free and she is in it.
    """
    user = _known(context)
    free = available_counts([variant.pk], user=user)[variant.pk]
    waits = waits_of(user).filter(variant=variant) if user and not free else []
    return {
        "free": free,
        "inside": variant.pk in variants_in_box(context["request"]),
        "wait": next(iter(waits), None),
    }


@register.simple_tag
def extension_of(trial: Trial) -> ExtensionOffer:
    """Return what a customer may add to the days of her trial."""
    return extension_offer(trial)


@register.simple_tag
def can_swap(trial: Trial) -> bool:
    """Return whether frames of a trial may still be swapped: two queries at most."""
    return is_swappable(trial)


@register.simple_tag
def with_swaps(entries: list[dict[str, Any]], trial: Trial) -> list[dict[str, Any]]:
    """Return what happened to a trial, its swaps among it, latest first: one query."""
    swaps = [
        {
            "title": _("Frame swapped"),
            "at": swap.at,
            "note": _("%(after)s instead of %(before)s")
            % {"after": swap.variant_after, "before": swap.variant_before},
        }
        for swap in swaps_of(trial)
    ]
    return sorted([*entries, *swaps], key=lambda entry: entry["at"], reverse=True)


@register.simple_tag
def second_look(trial: Trial) -> tuple[bool, SecondLook | None]:
    """Return whether a person's look may be asked for of a declined trial, and the one that was.

    No query of a trial that is not declined.
    """
    return look_of(trial)


@register.inclusion_tag("trials/console/parts/filters.html", takes_context=True)
def saved_filters(context: Context, which: str) -> dict[str, Any]:
    """Return the filters kept of a list of the console, and the one in force: one query."""
    request = context["request"]
    kept = shown_filters(request.user, which)
    query = filter_in(which, request.GET.dict())
    return {
        "filters": kept,
        "list": which,
        "query": query,
        "kept": any(each.query == query and each.owner_id == request.user.pk for each in kept),
        "mine": request.user.pk,
        "csrf_token": context.get("csrf_token"),
    }


def _known(context: Context) -> User | None:
    user = context["request"].user
    return user if isinstance(user, User) else None


@register.simple_tag
def customer_acts(trial: Trial) -> dict[str, Any]:
    """Return what a customer can do with the frames of her trial now: five queries.

    Returns:
        What ``acts_of`` does, and ``proposals``: what she was told of damage, with its photos.
    """
    acts = acts_of(trial)
    told = list(proposals_told(trial))
    for proposal in told:
        vars(proposal)["photos"] = acts["photos"].get(proposal.inspection.item_id, [])
    return {**acts, "proposals": told}


@register.simple_tag(takes_context=True)
def costs_of_placing(context: Context) -> PlacingCosts:
    """Return what the box on the page of placing costs, by the address and card chosen there."""
    form, user = context["form"], context["request"].user
    return placing_costs(
        user=user,
        version=context["version"],
        address=_chosen(form.addresses, form["address"].value()),
        card=_chosen(form.cards, form["card"].value()),
        prices=[line.item.variant.price for line in context["lines"]],
    )


def _chosen(things: list[Any], value: object) -> Any:
    return next((each for each in things if str(each.pk) == str(value)), None)


@register.simple_tag
def refused_debts(trial: Trial) -> list[tuple[TrialCharge, str]]:
    """Return what a customer owes of her trial and her card refused, with where she pays it.

    One query, and two more where there is something.
    """
    return debts_of(trial)
