"""Orders in the console: find, send, cancel, refund."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.customers.queries import people_called
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.keyset import keyset_page
from shop.foundation.money import zero
from shop.orders.errors import OrderMissingError
from shop.orders.forms import RefundForm
from shop.orders.models import Order
from shop.orders.services.checkout import PURPOSE
from shop.orders.services.fulfilment import cancel_order, complete_order, fulfil_order
from shop.orders.services.refunding import given_back, refund_order, refundable
from shop.orders.states import OrderState
from shop.payments.queries import payment_for

ORDERS_A_PAGE = 25
# Whoever searches for more people than these types more of the name.
MOST_PEOPLE = 200


def _order(number: str) -> Order:
    found = Order.objects.select_related("user", "address").filter(number=number).first()
    if found is None:
        raise OrderMissingError(_("There is no such order."))
    return found


@staff_only
@require_safe
def console_list(request: HttpRequest) -> HttpResponse:
    """Show orders, the newest first, by state and search."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    orders = Order.objects.select_related("user").order_by("-placed_at", "-pk")
    if state in OrderState.values:
        orders = orders.filter(state=state)
    if words:
        called = people_called(words)[:MOST_PEOPLE].values_list("pk", flat=True)
        orders = orders.filter(Q(number=words.upper()) | Q(user__in=list(called)))
    here = reverse("orders:console_list")
    kept = {"q": words} if words else {}
    pills = [
        {"label": label, "url": "?" + urlencode({"state": value, **kept}), "active": state == value}
        for value, label in [("", _("All")), *OrderState.choices]
    ]
    page = keyset_page(orders, asked=request.GET.dict(), size=ORDERS_A_PAGE)
    context = {
        "page": page,
        "pills": pills,
        "words": words,
        "here": here,
        **page.links(state=state, q=words),
    }
    return render(request, "shop/orders/console_list.html", context)


@staff_only
@require_safe
def console_order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order with all that happened, and the next thing to do."""
    order = _order(number)
    lines = list(order.lines.all())
    urls = image_urls([line.variant_id for line in lines])
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    entries: list[dict[str, Any]] = [
        {
            "title": OrderState(each.to_state).label,
            "at": each.at,
            "by": each.actor or _("the shop"),
            "note": each.note,
        }
        for each in order.transitions.select_related("actor").order_by("-at", "-pk")
    ]
    context = {
        "order": order,
        "lines": [(line, urls.get(line.variant_id, "")) for line in lines],
        "payment": payment,
        "refunds": list(payment.refunds.all()) if payment else [],
        "entries": entries,
        "given_back": given_back(order, payment),
        "refundable": refundable(order, payment)
        if caller(request).has_perm("shop.refund_payment")
        else zero(),
        "can_cancel": order.state in (OrderState.PENDING_PAYMENT, OrderState.PAID),
    }
    return render(request, "shop/orders/console_order.html", context)


@staff_only
@require_POST
def console_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Send, complete or cancel an order; cancelling a paid one needs leave to refund."""
    order = _order(number)
    by = caller(request)
    if act == "send":
        fulfil_order(order_id=order.pk, by=by)
        words = _("The order is on its way.")
    elif act == "complete":
        complete_order(order_id=order.pk, by=by)
        words = _("The order is complete.")
    else:
        reason = request.POST.get("reason", "").strip() or gettext_noop("Cancelled by the shop")
        cancel_order(order_id=order.pk, by=by, reason=reason)
        words = _("The order is cancelled; what was paid goes back.")
    messages.success(request, words)
    return redirect("orders:console_order", number=number)


@staff_only
@require_POST
def console_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Give back part of what was paid for an order, with leave to."""
    order, form = _order(number), RefundForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Say how much goes back, and why."), code="refund_invalid")
    currency = str(order.total.currency)
    refund_order(
        order_id=order.pk,
        amount=Money(form.cleaned_data["amount"], currency),
        seen=Money(form.cleaned_data["given_back"], currency),
        by=caller(request),
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, _("The money is on its way back."))
    return redirect("orders:console_order", number=number)
