"""Trials: the list, the page of one, and what is done to it by a button."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shop.customers.models import User
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.exports import streamed_csv
from shop.foundation.frames import shown_in_own_frame
from shop.foundation.keyset import MOST_COUNTED, count_up_to
from trials.at_home.forms import ExtensionForm
from trials.console.actions import actions_of
from trials.console.csv_export import trials_csv
from trials.console.forms import ReasonForm
from trials.console.queries.charges import payments_of
from trials.console.queries.queues import Queue, queues
from trials.console.queries.returns import losable_parcels, next_return_label
from trials.console.queries.trials import FILTERS, page_of_trials, staff_trial, trials_matching
from trials.console.seen import check_seen, mark_of_trial, trial_as_shown
from trials.console.settling import waits_of
from trials.console.timeline import trial_timeline
from trials.console.told import told_of
from trials.evidence.queries import evidence_of
from trials.fulfilment.services.manifests import hand_over_alone
from trials.home_trials.models import Trial
from trials.home_trials.pages import is_overdue
from trials.home_trials.services.approving import approve_trials
from trials.home_trials.services.holding import holds_of
from trials.home_trials.services.requests import approve_trial, cancel_trial, decline_trial
from trials.home_trials.states import NOT_LEFT, TrialState
from trials.programme.queries import programme_names
from trials.returns.handing_over import said_sent_at
from trials.returns.queries.charges import charged_after
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.extending import extend_uncharged, is_charged
from trials.risk.queries import reason_words, risk_of
from trials.shipping.forms import REASONS
from trials.shipping.labels import labels_pdf
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.swaps.queries import is_swappable

TRIALS_A_PAGE = 50
# What a button reports of a parcel of the built-in carrier.
STEPS = {
    "delivered": (Leg.OUTBOUND, ShipmentState.DELIVERED),
    "undelivered": (Leg.OUTBOUND, ShipmentState.FAILED),
    "sent_back": (Leg.OUTBOUND, ShipmentState.SENT_BACK),
    "returning": (Leg.RETURN, ShipmentState.IN_TRANSIT),
}


def staff_user(request: HttpRequest) -> User:
    """Return who is at work; ``staff_only`` has made sure of her."""
    assert request.user.is_authenticated
    return request.user


@staff_only
@require_safe
def trial_list(request: HttpRequest) -> HttpResponse:
    """List trials by queue, by programme or by what was searched for."""
    state, words, programme = _asked(request)
    now = timezone.now()
    found = trials_matching(queue=state, words=words, programme=programme, now=now, keys_alone=True)
    # Beside a search they would count what it leaves out.
    waiting = {} if words or programme else queues(now)
    kept = {"state": state, "programme": programme, "q": words}
    to_approve = state == "requested"
    page = page_of_trials(found, asked=request.GET.dict(), size=TRIALS_A_PAGE)
    if to_approve:
        prefetch_related_objects(page.object_list, "risk_decision")
    for each in page if to_approve else ():
        each.spoke = _spoke(each)
    waits = waits_of(page) if state == "settling" else {}
    for each in page:
        each.waits = waits.get(each.pk, [])
    context = {
        "page": page,
        "now": now,
        "words": words,
        "state": state,
        "to_approve": to_approve,
        "to_settle": state == "settling",
        "programme": programme,
        "programmes": programme_names(),
        "pills": _pills(kept, waiting),
        "csv_url": f"{reverse('console:trials_csv')}?{urlencode(kept)}",
        "found": _how_many(waiting[state].count)
        if waiting and state in FILTERS
        else _how_many(count_up_to(found), most=MOST_COUNTED),
        **page.links(**kept),
    }
    return render(request, "trials/console/trial_list.html", context)


def _asked(request: HttpRequest) -> tuple[str, str, str]:
    """Return the queue, the words and the programme that a list's address asks for."""
    asked = request.GET
    return asked.get("state", ""), asked.get("q", ""), asked.get("programme", "")


def _spoke(trial: Trial) -> list[str]:
    """Return what the rules found in a wish, in words; nothing where none of them speaks."""
    decision = getattr(trial, "risk_decision", None)
    return [reason_words(each) for each in decision.reasons] if decision else []


def _how_many(count: int, *, most: int | None = None) -> str:
    if most is not None and count > most:
        return _("More than %(n)s trials") % {"n": most}
    return ngettext("%(n)s trial", "%(n)s trials", count) % {"n": count}


def _pills(kept: Mapping[str, str], waiting: Mapping[str, Queue]) -> list[dict[str, Any]]:
    labels = {
        "": _("All"),
        "requested": _("To approve"),
        "unpaid": _("To be paid"),
        "approved": _("To pack"),
        "packed": _("To ship"),
        "shipped": _("On the way"),
        "delivered": _("At home"),
        "overdue": _("Overdue"),
        "returning": _("Coming back"),
        "received": _("Frames missing"),
        "settling": _("To settle"),
        "unheld": _("Cards refused"),
        "ended": _("Ended"),
    }
    besides = {name: value for name, value in kept.items() if value and name != "state"}
    return [
        {
            "label": label,
            "url": "?" + urlencode({"state": name, **besides}),
            "active": name == kept["state"],
            "count": waiting[name].count if name in waiting else None,
        }
        for name, label in labels.items()
    ]


@staff_only
@require_safe
def trials_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the same list as CSV."""
    state, words, programme = _asked(request)
    found = trials_matching(queue=state, words=words, programme=programme, now=timezone.now())
    return streamed_csv("trials", trials_csv(found))


@staff_only
@require_safe
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """Show one trial and the next thing to do with it."""
    found, now = staff_trial(number), timezone.now()
    charges = list(found.charges.all())
    payments = payments_of(charges)
    context = {
        "trial": found,
        "items": [{"item": item, "told": told_of(item)} for item in found.items.all()],
        "swappable": is_swappable(found),
        "shipments": found.shipments.all(),
        "charges": [
            {"charge": charge, "payment": payments.get(str(charge.pk))} for charge in charges
        ],
        "actions": actions_of(found, now),
        "mark": mark_of_trial(found),
        "entries": trial_timeline(found),
        "losable": losable_parcels(found),
        "next_label": next_return_label(found),
        "label_reasons": REASONS,
        "photos": [photo for each in evidence_of([found.pk]).values() for photo in each],
        "overdue": is_overdue(found),
        # Of one that is over, what the terms said.
        "charged_after": found.charge_at
        if found.closed_at
        else charged_after(found, said=said_sent_at(found)),
        "risk": risk_of(found),
        "hold": next(iter(holds_of(found)), None) if found.programme_version.hold.amount else None,
        "may_extend": found.state == TrialState.DELIVERED and not is_charged(found),
        "can_decline": found.state == TrialState.REQUESTED,
        "can_cancel": found.state in NOT_LEFT,
        "form": ReasonForm(),
    }
    return render(request, "trials/console/trial.html", context)


def _done(request: HttpRequest, trial: Trial, words: str) -> HttpResponse:
    messages.success(request, words % {"number": trial.number})
    return redirect("console:trial", trial.number)


def _seen_trial(request: HttpRequest, number: str) -> Trial:
    """Return the trial that a form is about, if it still is as the form's page showed it."""
    found = staff_trial(number)
    check_seen(request, found)
    return found


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Give a reason; the customer reads it."), code="reason_missing")
    return str(form.cleaned_data["reason"])


@staff_only
@require_POST
def trial_approve(request: HttpRequest, number: str) -> HttpResponse:
    """Let a trial be packed."""
    # As it was shown: its customer may swap a frame until it is packed.
    with trial_as_shown(request, number) as found:
        done = approve_trial(trial_id=found.pk, by=staff_user(request))
    return _done(request, done, _("%(number)s is approved."))


@staff_only
@require_POST
def trials_approve(request: HttpRequest) -> HttpResponse:
    """Let the trials that were ticked in the list be packed; say which of them were refused."""
    numbers = request.POST.getlist("number")[:TRIALS_A_PAGE]
    if not numbers:
        raise InvalidError(_("Tick the trials you approve."), code="trials_missing")
    outcome = approve_trials(numbers=numbers, by=staff_user(request))
    refused = {number: error for number, error in outcome.items() if error}
    if done := len(outcome) - len(refused):
        words = ngettext("%(n)s trial is approved.", "%(n)s trials are approved.", done)
        messages.success(request, words % {"n": done})
    for number, error in refused.items():
        messages.warning(request, f"{number}: {error}")
    return redirect(f"{reverse('console:trial_list')}?state=requested")


@staff_only
@require_POST
def trial_decline(request: HttpRequest, number: str) -> HttpResponse:
    """Say no, with a reason."""
    reason = _reason(request)
    found = _seen_trial(request, number)
    done = decline_trial(trial_id=found.pk, by=staff_user(request), reason=reason)
    return _done(request, done, _("%(number)s is declined and the customer told."))


@staff_only
@require_POST
def trial_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call a trial off, with a reason."""
    reason = _reason(request)
    found = _seen_trial(request, number)
    done = cancel_trial(trial_id=found.pk, by=staff_user(request), reason=reason)
    if off := sum(bool(item.picked_at or item.packed_at) for item in found.items.all()):
        words = ngettext(
            "%(number)s is cancelled. %(n)s of its units is off its shelf: put it back and scan it"
            " under “To put back”. Nobody is given it before.",
            "%(number)s is cancelled. %(n)s of its units are off their shelves: put them back and"
            " scan them under “To put back”. Nobody is given them before.",
            off,
        )
        return _done(request, done, words.replace("%(n)s", str(off)))
    return _done(request, done, _("%(number)s is cancelled and its units are free."))


@staff_only
@require_POST
def labels_make(request: HttpRequest, number: str) -> HttpResponse:
    """Make the labels and show them."""
    found = _seen_trial(request, number)
    create_labels(trial_id=found.pk, by=staff_user(request))
    return redirect("console:labels", found.number)


@staff_only
@require_safe
@shown_in_own_frame
def labels(request: HttpRequest, number: str) -> HttpResponse:
    """Send both labels and the packing slip to be printed."""
    response = HttpResponse(labels_pdf(staff_trial(number)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


@staff_only
@require_POST
def trial_ship(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the box was handed to the carrier."""
    done = hand_over_alone(trial_id=_seen_trial(request, number).pk, by=staff_user(request))
    if request.POST.get("next") == "pack":
        messages.success(request, _("%(number)s is on its way.") % {"number": done.number})
        return redirect("console:pack")
    return _done(request, done, _("%(number)s is on its way."))


@staff_only
@require_POST
def trial_tracking(request: HttpRequest, number: str) -> HttpResponse:
    """Note what the built-in carrier would report."""
    found = _seen_trial(request, number)
    leg, status = STEPS.get(request.POST.get("step", ""), (None, None))
    if leg is None or status is None:
        raise InvalidError(_("Choose what happened to the parcel."), code="step_missing")
    now = timezone.now()
    # Pressed twice it is one word; the next attempt is made on another day.
    word = f"{status}-{timezone.localdate(now)}" if status == ShipmentState.FAILED else status
    create_labels(trial_id=found.pk, by=staff_user(request))
    record_tracking(
        tracking_number=_latest_number(found, leg),
        carrier_event_id=f"console-{word}",
        status=status,
        occurred_at=now,
        description=_("Noted in the console by %(who)s") % {"who": staff_user(request)},
    )
    return _done(request, found, _("%(number)s: the parcel is noted."))


def _latest_number(trial: Trial, leg: Leg) -> str:
    """Return the number of the parcel that went that way last."""
    parcels = trial.shipments.filter(leg=leg).order_by("nth")
    return str(parcels.values_list("tracking_number", flat=True).last())


@staff_only
@require_POST
def trial_charge(request: HttpRequest, number: str) -> HttpResponse:
    """Charge what did not come back."""
    with trial_as_shown(request, number) as found:
        charges = charge_unreturned(trial_id=found.pk, by=staff_user(request))
    words = ngettext(
        "%(n)s frame is being charged.", "%(n)s frames are being charged.", len(charges)
    )
    messages.success(request, words % {"n": len(charges)})
    if request.POST.get("next") == "overdue":
        return redirect("console:overdue")
    return redirect("console:trial", found.number)


@staff_only
@require_POST
def trial_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Give a customer more days."""
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Say by how many days, 1 to 60."), code="days_missing")
    with trial_as_shown(request, number) as found:
        made = extend_uncharged(trial_id=found.pk, by=staff_user(request), **form.cleaned_data)
    day = date_format(made.due_after.astimezone(found.user.zone), "DATE_FORMAT")
    words = _("%(number)s is at home until %(day)s; the customer was told.")
    messages.success(request, words % {"number": found.number, "day": day})
    return redirect("console:trial", found.number)
