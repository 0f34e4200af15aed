"""Orders in the console: find, send, cancel, refund."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.customers.countries import COUNTRIES
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.exports import streamed_csv
from shop.foundation.keyset import keyset_page
from shop.foundation.money import zero
from shop.orders.csv_export import orders_csv
from shop.orders.errors import OrderMissingError
from shop.orders.forms import RefundForm
from shop.orders.models import Order
from shop.orders.queries import PACKING, countries_to_send, orders_matching
from shop.orders.services.checkout import PURPOSE
from shop.orders.services.fulfilment import (
    cancel_order,
    complete_order,
    correct_parcel,
    fulfil_order,
)
from shop.orders.services.packing import unpack_order
from shop.orders.services.refunding import given_back, refund_order, refundable
from shop.orders.states import OrderState
from shop.payments.queries import payment_for

ORDERS_A_PAGE = 25
FILTER = ("state", "packing", "country", "q")


def _order(number: str) -> Order:
    found = Order.objects.select_related("user", "address").filter(number=number).first()
    if found is None:
        raise OrderMissingError(_("There is no such order."))
    return found


@staff_only
@require_safe
def console_list(request: HttpRequest) -> HttpResponse:
    """Show orders by state and search; those to be sent the oldest first, and how far they are."""
    kept = _filter(request)
    here, state = reverse("orders:console_list"), kept.get("state", "")

    def pills(name: str, choices: list[tuple[str, object]], **others: str) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "url": "?" + urlencode(_in_order({**others, name: value})),
                "active": kept.get(name, "") == value,
            }
            for value, label in choices
        ]

    words = {"q": kept["q"]} if "q" in kept else {}
    rest = {name: value for name, value in kept.items() if name != "packing"}
    to_send = state == OrderState.PAID
    found = _found(kept)
    if to_send:
        found = found.select_related("user", "address").prefetch_related("lines")
    page = keyset_page(found, asked=request.GET.dict(), size=ORDERS_A_PAGE)
    context = {
        "page": page,
        "pills": pills("state", [("", _("All")), *OrderState.choices], **words),
        "packing": pills("packing", [("", _("All")), *PACKING.items()], **rest) if to_send else [],
        "countries": [(each, COUNTRIES.get(each, each)) for each in countries_to_send()]
        if to_send
        else [],
        "kept": kept,
        "words": kept.get("q", ""),
        "here": here,
        "export": f"{reverse('orders:console_csv')}?{urlencode(kept)}",
        **page.links(**kept),
    }
    return render(request, "shop/orders/console_list.html", context)


def _filter(request: HttpRequest) -> dict[str, str]:
    """Return the words of the address that narrow the list down."""
    asked = {name: request.GET.get(name, "").strip() for name in FILTER}
    if asked["state"] not in OrderState.values:
        asked["state"] = ""
    if asked["state"] != OrderState.PAID:
        # Nothing else is packed, and no other list offers them.
        asked |= {"packing": "", "country": ""}
    return {name: value for name, value in asked.items() if value}


def _in_order(asked: dict[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in FILTER if asked.get(name)}


def _found(kept: dict[str, str]) -> QuerySet[Order]:
    return orders_matching(
        state=kept.get("state", ""),
        words=kept.get("q", ""),
        packing=kept.get("packing", ""),
        country=kept.get("country", ""),
    )


@staff_only
@require_safe
def console_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Send the same list as CSV, with addresses and contents."""
    return streamed_csv("orders", orders_csv(_found(_filter(request))))


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
        "begun": any(line.packed for line in lines),
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
    """Send, complete, unpack or cancel an order; cancelling a paid one needs leave to refund."""
    order = _order(number)
    by = caller(request)
    if act == "send":
        fulfil_order(order_id=order.pk, by=by, **_parcel(request))
        words = _("The order is on its way.")
    elif act == "complete":
        complete_order(order_id=order.pk, by=by)
        words = _("The order is complete.")
    elif act == "parcel":
        correct_parcel(order_id=order.pk, **_parcel(request))
        words = _("The parcel’s number is put right.")
    elif act == "unpack":
        unpack_order(order_id=order.pk)
        words = _("Nothing of it counts as scanned any more.")
    else:
        reason = request.POST.get("reason", "").strip() or gettext_noop("Cancelled by the shop")
        cancel_order(order_id=order.pk, by=by, reason=reason, seen=request.POST.get("seen", ""))
        words = _("The order is cancelled; what was paid goes back.")
    messages.success(request, words)
    return redirect("orders:console_order", number=number)


def _parcel(request: HttpRequest) -> dict[str, str]:
    return {
        "carrier": request.POST.get("carrier", "")[:40],
        "tracking_number": request.POST.get("tracking_number", ""),
    }


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
