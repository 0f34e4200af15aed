"""The box and the trials of a customer, as pages."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.catalogue.models import Variant
from shop.customers.access import caller
from shop.customers.models import User
from shop.customers.services import add_address
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links
from shop.holds.models import Hold
from shop.payments.errors import CardMissingError, PaymentClosedError, StripeUnreachableError
from shop.payments.queries import cards_of
from shop.payments.services.charges import pay_with_card
from trials.home_trials import pages
from trials.home_trials.errors import TermsChangedError
from trials.home_trials.forms import PlacementForm
from trials.home_trials.found_things import found_things
from trials.home_trials.models import Box, Trial
from trials.home_trials.parcels import outbound_parcel
from trials.home_trials.queries import (
    box_lines,
    lines_of_trials,
    trial_lines,
    trial_of,
    trials_of,
)
from trials.home_trials.services.boxes import add_to_box, remove_from_box
from trials.home_trials.services.checking import not_shown
from trials.home_trials.services.holding import HELD_WHILE, hold_on, holds_of, is_wanting
from trials.home_trials.services.limits import why_not
from trials.home_trials.services.paying import payment_of_trial, what_was_paid
from trials.home_trials.services.requests import cancel_trial, place_trial
from trials.home_trials.session_box import box_to_fill, session_box
from trials.home_trials.states import NOT_LEFT, TrialState
from trials.home_trials.suggesting import box_suggestions
from trials.programme.models import ProgrammeVersion
from trials.programme.queries import likely_version
from trials.programme.terms import card_words, due_at_placing, terms_of
from trials.units.errors import NothingFreeError
from trials.units.services.turning_away import note_turned_away

# These wait until the amount is held; afterwards a card is asked for, and the box goes its way.
WAITS_FOR_HOLD = frozenset({TrialState.APPROVED, TrialState.PACKED})
TRIALS_A_PAGE = 10


def _box_context(
    box: Box | None, user: User | None, version: ProgrammeVersion | None = None
) -> dict[str, Any]:
    version, lines = version or likely_version(user), box_lines(box)
    hidden = not_shown(user, [line.item.variant for line in lines])
    return {
        "terms": terms_of(version),
        "card_words": card_words(version),
        "due": due_at_placing(version),
        "hindrance": why_not(user, version, [line.item.variant.price for line in lines]),
        "lines": lines,
        "slots": [{"image_url": line.image_url, "name": line.item.variant} for line in lines],
        "free": range(max(version.frames_per_box - len(lines), 0)),
        "version": version,
        "too_many": max(len(lines) - version.frames_per_box, 0),
        "hidden": hidden,
        "gone": [
            line.item.variant for line in lines if not line.free and line.item.variant not in hidden
        ],
        "count": ngettext("%(n)s of %(most)s frames", "%(n)s of %(most)s frames", len(lines))
        % {"n": len(lines), "most": version.frames_per_box},
    }


def _sent_variant(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("variant", ""))
    except ValueError as error:
        raise InvalidError(_("Choose a frame first."), code="variant_missing") from error


@require_safe
def box(request: HttpRequest) -> HttpResponse:
    """Show the box: what is in it, what is free, the way on."""
    user = request.user if request.user.is_authenticated else None
    mine = session_box(request)
    context = _box_context(mine, user)
    # A full box takes no more.
    context["suggestions"] = box_suggestions(mine, user) if context["free"] else []
    return render(request, "trials/home_trials/box.html", context)


@require_POST
def box_add(request: HttpRequest) -> HttpResponse:
    """Put a frame in: a toast and the new count for htmx, the box's page without it."""
    variant_id = _sent_variant(request)
    box = add_to_box(box_id=box_to_fill(request).pk, variant_id=variant_id)
    variant = Variant.objects.select_related("frame").get(pk=variant_id)
    count, most = box.items.count(), likely_version(box.user).frames_per_box
    words = _("%(frame)s is in your box: %(count)s of %(most)s.") % {
        "frame": variant,
        "count": count,
        "most": most,
    }
    if not request.headers.get("HX-Request"):
        messages.success(request, words)
        return redirect("trials:box")
    context = {"variant": variant, "count": count}
    response = render(request, "trials/home_trials/parts/added.html", context)
    response["HX-Trigger"] = json.dumps({"toast": {"message": words, "tone": "ok"}})
    return response


@require_POST
def box_remove(request: HttpRequest) -> HttpResponse:
    """Take a frame out."""
    variant_id, box = _sent_variant(request), session_box(request)
    if box is not None:
        remove_from_box(box_id=box.pk, variant_id=variant_id)
    return redirect("trials:box")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Ask for address and card, show the terms, and place the trial."""
    user = caller(request)
    form = PlacementForm(request.POST or None, user=user)
    mine, version = session_box(request), None
    if request.method == "POST" and form.is_valid():
        try:
            return _placed(request, user, form, mine)
        except TermsChangedError as error:
            # Her address is in another market: she reads its terms, then asks again.
            version = ProgrammeVersion.objects.get(pk=error.extra["version_id"])
            form.add_error(None, str(error))
    context = {**_box_context(mine, user, version), "form": form}
    if not context["lines"]:
        return redirect("trials:box")
    status = 422 if request.method == "POST" else 200
    return render(request, "trials/home_trials/place.html", context, status=status)


def _placed(
    request: HttpRequest, user: User, form: PlacementForm, mine: Box | None
) -> HttpResponse:
    if form.wants_new_address:
        address_id = add_address(user=user, **form.new_address.cleaned_data).pk
    else:
        address_id = int(form.cleaned_data["address"])
    if not form.cards:
        onward = urlencode({"next": reverse("trials:place")})
        return redirect(f"{reverse('payments:card_setup')}?{onward}")
    try:
        trial = place_trial(
            user=user,
            box_id=(mine or box_to_fill(request)).pk,
            address_id=address_id,
            card_id=int(form.cleaned_data["card"]),
            wish=form.cleaned_data["wish"],
            version_id=form.cleaned_data["version"],
        )
    except NothingFreeError as error:
        note_turned_away(user=user, variant_ids=error.extra["variants"])
        raise
    if trial.pay_by is not None:
        return _pay_now(request, trial)
    messages.success(request, _("We have your request. We will mail you when the box leaves."))
    return redirect("trials:trial", trial.number)


def _pay_now(request: HttpRequest, trial: Trial) -> HttpResponse:
    """Take fee and deposit from the card she chose; where her bank asks her first, go there."""
    owed = payment_of_trial(trial)
    back = reverse("payments:payment_return", args=[owed.pk])
    try:
        intent = pay_with_card(
            payment_id=owed.pk,
            card_id=trial.card_id,
            return_url=request.build_absolute_uri(back),
        )
    except (StripeUnreachableError, CardMissingError) as error:
        messages.error(request, str(error))
        return redirect("payments:payment", owed.pk)
    except PaymentClosedError:
        return redirect("trials:trial", trial.number)
    return redirect(intent.redirect_url or back)


@login_required
@require_safe
def trial_list(request: HttpRequest) -> HttpResponse:
    """List the customer's trials, latest first."""
    page = Paginator(trials_of(caller(request)), TRIALS_A_PAGE).get_page(request.GET.get("page"))
    lines = lines_of_trials(page.object_list)
    rows = [{"trial": trial, "lines": lines[trial.pk]} for trial in page.object_list]
    context = {
        "rows": rows,
        **page_links(page),
    }
    return render(request, "trials/home_trials/trial_list.html", context)


@login_required
@require_safe
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """Show one trial: where it stands, what is in it, what to do next."""
    return trial_page(request, trial_of(user=caller(request), number=number))


def trial_page(
    request: HttpRequest, found: Trial, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Return the page of a trial.

    Args:
        request: its customer's.
        found: hers.
        status: what it answers with.
        more: what a form on it that was refused shows again.
    """
    lines = trial_lines(found)
    context = {
        "trial": found,
        "lines": lines,
        "items": [line.item for line in lines],
        "steps": pages.steps(found),
        "entries": pages.timeline(found),
        "overdue": pages.is_overdue(found) and not found.is_missed,
        "shows_return": pages.shows_return(found, [line.item for line in lines]),
        "can_cancel": found.state in NOT_LEFT,
        "parcel": outbound_parcel(found),
        "things": found_things(found),
        "goes_back": what_was_paid(found),
        "payment": payment_of_trial(found) if found.pay_by else None,
        "terms": terms_of(found.programme_version),
        **_hold_context(found),
        **more,
    }
    return render(request, "trials/home_trials/trial.html", context, status=status)


def _hold_context(trial: Trial) -> dict[str, Any]:
    """Return what is held, or was refused, and the cards that may stand for the trial instead."""
    holds = holds_of(trial) if trial.programme_version.hold.amount else []
    wanted = is_wanting(trial, holds)
    changeable = trial.state in HELD_WHILE
    cards = list(cards_of(trial.user)) if changeable else []
    return {
        "hold": next(iter(holds), None),
        "held": next((each for each in holds if each.state == Hold.State.AUTHORISED), None),
        "hold_failed": wanted,
        "waits_for_hold": trial.state in WAITS_FOR_HOLD,
        "cards": cards if wanted else [],
        "other_cards": [] if wanted else [card for card in cards if card.pk != trial.card_id],
    }


@login_required
@require_POST
def trial_card(request: HttpRequest, number: str) -> HttpResponse:
    """Have another card stand for a trial, and hold on it what is not held."""
    user = caller(request)
    found = trial_of(user=user, number=number)
    try:
        card_id = int(request.POST.get("card", ""))
    except ValueError as error:
        raise InvalidError(_("Choose a card."), code="card_missing") from error
    hold = hold_on(trial_id=found.pk, user=user, card_id=card_id)
    if hold is None:
        messages.success(request, _("This card stands for your box now."))
    else:
        messages.success(request, _("Thank you. The amount is being held on that card."))
    return redirect("trials:trial", found.number)


@login_required
@require_POST
def trial_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the customer's trial off."""
    found = trial_of(user=caller(request), number=number)
    back, again = what_was_paid(found), found.state == TrialState.CANCELLED
    cancel_trial(trial_id=found.pk, by=caller(request))
    words = _("Your trial is cancelled. Nothing was charged.")
    if again:
        # Whether anything had been paid before, its end no longer tells.
        words = _("Your trial is cancelled.")
    elif back is not None:
        words = _("Your trial is cancelled. %(back)s goes back to your card.") % {"back": back}
    messages.success(request, words)
    return redirect("trials:trial", found.number)
