"""Cards and payments as pages, and the door for Stripe's webhooks."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shop.customers.access import caller
from shop.foundation.errors import GatewayError
from shop.foundation.network import client_address
from shop.foundation.robots import is_robot
from shop.payments.errors import (
    CardRefusedError,
    PaymentClosedError,
    PaymentMissingError,
    WebhookRefusedError,
)
from shop.payments.links import read_payment_token
from shop.payments.models import Payment
from shop.payments.purposes import purpose_of
from shop.payments.queries import cards_of, payment_of
from shop.payments.services.cards import detach_card, finish_card_setup, start_card_setup
from shop.payments.services.charges import pay_with_card, refresh_payment, start_payment
from shop.payments.services.webhooks import receive_webhook


def _next(request: HttpRequest, otherwise: str) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and safe else otherwise


def only_when_opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Begin nothing at Stripe for whoever looks ahead: HEAD, and browsers that load in advance."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            return HttpResponse()
        purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
        if "prefetch" in purpose:
            # Whatever is no success is not kept, and the page is asked for when it is opened.
            return HttpResponse(status=403)
        return view(request, *args, **kwargs)

    return opened


def card_form(
    request: HttpRequest, *, kind: str, intent_id: str, client_secret: str, back: str
) -> dict[str, object]:
    """Return the context of ``components/card_form.html``.

    Args:
        request: for absolute addresses.
        kind: ``setup`` or ``payment``.
        intent_id: Stripe's.
        client_secret: the intent's.
        back: the path to come back to.
    """
    return {
        "live": not settings.STRIPE_IS_SANDBOX,
        "api_base": settings.STRIPE_BROWSER_BASE,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "client_secret": client_secret,
        "intent_id": intent_id,
        "intent_kind": kind,
        "return_url": request.build_absolute_uri(back),
    }


@login_required
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Show the cards a customer has saved."""
    return render(request, "shop/payments/card_list.html", {"cards": cards_of(caller(request))})


@never_cache
@login_required
@require_safe
@only_when_opened
def card_setup(request: HttpRequest) -> HttpResponse:
    """Ask for a card to be saved; its number goes from the browser to Stripe alone."""
    start = start_card_setup(user=caller(request), address=client_address(request))
    goal = _next(request, reverse("payments:card_list"))
    back = f"{reverse('payments:card_return')}?{urlencode({'next': goal})}"
    form = card_form(
        request,
        kind="setup",
        intent_id=start.intent_id,
        client_secret=start.client_secret,
        back=back,
    )
    return render(request, "shop/payments/card_setup.html", {"card_form": form, "goal": goal})


@login_required
@require_safe
def card_return(request: HttpRequest) -> HttpResponse:
    """Keep the card its owner has just confirmed, and go on to where she was going."""
    goal = _next(request, reverse("payments:card_list"))
    try:
        card = finish_card_setup(
            user=caller(request), setup_intent_id=request.GET.get("setup_intent", "")
        )
    except CardRefusedError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('payments:card_setup')}?{urlencode({'next': goal})}")
    messages.success(request, _("%(card)s is saved.") % {"card": card})
    return redirect(goal)


@login_required
@require_POST
def card_remove(request: HttpRequest, card_id: int) -> HttpResponse:
    """Forget a card."""
    detach_card(user=caller(request), card_id=card_id)
    messages.success(request, _("The card is removed."))
    return redirect("payments:card_list")


def after_payment(payment: Payment) -> str:
    """Return the path of the page that shows what a payment was for."""
    return purpose_of(payment).page(payment) or reverse("payments:payment", args=[payment.pk])


@never_cache
@login_required
@require_safe
@only_when_opened
def payment(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Let a customer pay what she owes: with a saved card in one tap, or with another."""
    owed = payment_of(caller(request), payment_id)
    purpose = purpose_of(owed)
    context: dict[str, object] = {
        "payment": owed,
        "what": purpose.words(owed),
        "page": purpose.page(owed),
    }
    try:
        start = start_payment(payment_id=owed.pk)
    except PaymentClosedError:
        if purpose.page(owed):
            return redirect(after_payment(owed))
        return render(request, "shop/payments/payment.html", {"payment": owed, "closed": True})
    back = reverse("payments:payment_return", args=[owed.pk])
    context["card_form"] = card_form(
        request,
        kind="payment",
        intent_id=start.intent_id,
        client_secret=start.client_secret,
        back=back,
    )
    context["cards"] = cards_of(caller(request))
    return render(request, "shop/payments/payment.html", context)


@login_required
@require_POST
def payment_with_card(request: HttpRequest, payment_id: uuid.UUID, card_id: int) -> HttpResponse:
    """Pay with a saved card; where her bank asks her first, go there."""
    owed = payment_of(caller(request), payment_id)
    back = reverse("payments:payment_return", args=[owed.pk])
    intent = pay_with_card(
        payment_id=owed.pk, card_id=card_id, return_url=request.build_absolute_uri(back)
    )
    if intent.redirect_url:
        return redirect(intent.redirect_url)
    return redirect(back)


@login_required
@require_safe
def payment_return(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Learn from Stripe how it went, and show what was paid for."""
    owed = payment_of(caller(request), payment_id)
    owed = refresh_payment(payment_id=owed.pk)
    if owed.state == Payment.State.SUCCEEDED:
        messages.success(request, _("Thank you. %(amount)s is paid.") % {"amount": owed.amount})
    elif owed.state == Payment.State.PROCESSING:
        messages.info(request, _("Your bank is still at it. We write when it is paid."))
    elif owed.state == Payment.State.CANCELED:
        messages.error(request, _("This is no longer to be paid. Nothing was charged."))
    else:
        messages.error(request, owed.refusal)
        return redirect("payments:payment", payment_id=owed.pk)
    return redirect(after_payment(owed))


def _linked(token: str) -> Payment:
    payment_id = read_payment_token(token)
    found = Payment.objects.filter(pk=payment_id).first() if payment_id else None
    if found is None:
        raise PaymentMissingError(_("There is no such payment. Open the link in our mail again."))
    return found


@never_cache
@require_safe
@only_when_opened
def payment_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds a payment's link pay it with a card she types in; no account is needed."""
    owed = _linked(token)
    purpose = purpose_of(owed)
    context: dict[str, object] = {"payment": owed, "what": purpose.words(owed)}
    try:
        start = start_payment(payment_id=owed.pk)
    except PaymentClosedError:
        return render(request, "shop/payments/payment.html", {"payment": owed, "closed": True})
    context["card_form"] = card_form(
        request,
        kind="payment",
        intent_id=start.intent_id,
        client_secret=start.client_secret,
        back=reverse("payments:payment_by_link_return", args=[token]),
    )
    context["with_saved_card"] = reverse("payments:payment", args=[owed.pk])
    context["tell_opened"] = reverse("payments:payment_link_opened", args=[token])
    return render(request, "shop/payments/payment.html", context)


@require_POST
def payment_link_opened(request: HttpRequest, token: str) -> HttpResponse:
    """Take the page's word that a person touched it: mail scanners fetch every link, too."""
    owed = _linked(token)
    if not is_robot(request.headers.get("User-Agent", "")):
        purpose_of(owed).on_link_opened(owed)
    return HttpResponse(status=204)


@never_cache
@require_safe
@only_when_opened
def payment_by_link_return(request: HttpRequest, token: str) -> HttpResponse:
    """Learn from Stripe how it went, for somebody who came by a link."""
    owed = refresh_payment(payment_id=_linked(token).pk)
    # No mail names this address: who comes here has tried to pay.
    purpose_of(owed).on_link_opened(owed)
    if owed.state == Payment.State.SUCCEEDED:
        messages.success(request, _("Thank you. %(amount)s is paid.") % {"amount": owed.amount})
    elif owed.state == Payment.State.PROCESSING:
        messages.info(request, _("Your bank is still at it. We write when it is paid."))
    elif owed.state != Payment.State.CANCELED:
        messages.error(request, owed.refusal)
    return redirect("payments:payment_by_link", token)


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take in what Stripe tells; the signature stands for the sender. After a 503 it repeats."""
    try:
        receive_webhook(payload=request.body, signature=request.headers.get("Stripe-Signature", ""))
    except (WebhookRefusedError, GatewayError) as error:
        return HttpResponse(str(error), status=error.status, content_type="text/plain")
    return HttpResponse(status=200)
