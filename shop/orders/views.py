"""Cart, checkout and orders, as pages."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from djmoney.money import Money

from shop.catalogue.models import Variant
from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.customers.forms import AddressForm
from shop.customers.models import User
from shop.customers.services import add_address
from shop.foundation.errors import InvalidError
from shop.foundation.money import quantize
from shop.foundation.pages import page_links
from shop.orders.errors import OrderMissingError
from shop.orders.forms import CheckoutForm
from shop.orders.models import Order
from shop.orders.queries import cart_lines, cart_total, orders_of
from shop.orders.services.amounts import payable_part
from shop.orders.services.carts import add_to_cart, change_quantity
from shop.orders.services.checkout import PURPOSE, place_order
from shop.orders.services.vouchers import gift_for
from shop.orders.session_cart import cart_to_fill, session_cart, session_cart_count
from shop.orders.states import OrderState
from shop.payments.queries import payment_for

ORDERS_A_PAGE = 10


def _sent_number(request: HttpRequest, name: str, otherwise: str = "") -> int:
    try:
        return int(request.POST.get(name, otherwise))
    except ValueError as error:
        raise InvalidError(_("Choose a frame first."), code="variant_missing") from error


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """Show what is in the cart."""
    lines = cart_lines(session_cart(request))
    context = {
        "lines": lines,
        "total": cart_total(lines),
        "short": [line.line.variant for line in lines if line.free < line.line.quantity],
    }
    return render(request, "shop/orders/cart.html", context)


@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put a variant in: a toast for htmx, the cart's page without it."""
    variant_id = _sent_number(request, "variant_id")
    add_to_cart(cart_id=cart_to_fill(request).pk, variant_id=variant_id)
    variant = Variant.objects.select_related("frame").get(pk=variant_id)
    words = _("%(frame)s is in your cart.") % {"frame": variant}
    if not request.headers.get("HX-Request"):
        messages.success(request, words)
        return redirect("orders:cart")
    count = session_cart_count(request)
    response = render(request, "shop/orders/parts/cart_count.html", {"count": count})
    response["HX-Trigger"] = json.dumps({"toast": {"message": words, "tone": "ok"}})
    return response


@require_POST
def cart_update(request: HttpRequest) -> HttpResponse:
    """Set how many of a variant are wanted; zero takes it out."""
    found = session_cart(request)
    if found is not None:
        change_quantity(
            cart_id=found.pk,
            variant_id=_sent_number(request, "variant_id"),
            quantity=_sent_number(request, "quantity", "0"),
        )
    return redirect("orders:cart")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask where the order goes, and place it; a second click finds the order placed."""
    user = caller(request)
    found = session_cart(request)
    lines = cart_lines(found)
    if found is None or not lines:
        placed = orders_of(user).filter(state=OrderState.PENDING_PAYMENT).first()
        if request.method == "POST" and placed is not None:
            return redirect("orders:pay", number=placed.number)
        return redirect("orders:cart")
    total = cart_total(lines)
    form = CheckoutForm(
        request.POST or None,
        user=user,
        currency=str(total.currency),
        initial={"shown_total": quantize(total).amount},
    )
    asked_new = request.method == "POST" and form.wants_new_address
    # Hidden while one of her addresses is chosen, a required field would block the form unseen.
    address_form = AddressForm(
        request.POST if asked_new else None,
        initial={"name": user.name, "country": settings.SHOP_COUNTRY},
        use_required_attribute=not form.addresses,
    )
    if request.method == "POST" and form.is_valid() and (not asked_new or address_form.is_valid()):
        if asked_new:
            address_id = add_address(user=user, **address_form.cleaned_data).pk
        else:
            address_id = int(form.cleaned_data["address"])
        order = place_order(
            user=user,
            cart_id=found.pk,
            address_id=address_id,
            expected_total=Money(form.cleaned_data["shown_total"], str(total.currency)),
            use_credit=form.credit_wanted,
        )
        return redirect("orders:pay", number=order.number)
    gift = gift_for(user, total)
    due = total - gift
    usable = payable_part(due, form.credit)
    context = {
        "form": form,
        "new_address": address_form,
        "lines": lines,
        "total": total,
        "gift": gift,
        "due": due,
        "usable": usable,
        "with_credit": due - usable,
    }
    return render(request, "shop/orders/checkout.html", context)


def order_of(user: User, number: str) -> Order:
    """Return a customer's own order.

    Raises:
        OrderMissingError: there is none by that number, or it is somebody else's.
    """
    order = orders_of(user).filter(number=number).select_related("address").first()
    if order is None:
        raise OrderMissingError(_("There is no such order."))
    return order


@login_required
@require_safe
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Go to where an order is paid, or to the order if nothing is to be paid."""
    order = order_of(caller(request), number)
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    if order.state != OrderState.PENDING_PAYMENT or payment is None:
        return redirect("orders:order", number=order.number)
    return redirect("payments:payment", payment_id=payment.pk)


@login_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Show a customer's orders, the newest first."""
    page = Paginator(orders_of(caller(request)), ORDERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "shop/orders/order_list.html", {"page": page, **page_links(page)})


STEPS = (OrderState.PENDING_PAYMENT, OrderState.PAID, OrderState.FULFILLED, OrderState.COMPLETED)
STEP_WORDS = {
    OrderState.PENDING_PAYMENT: gettext_lazy("Placed"),
    OrderState.PAID: gettext_lazy("Paid"),
    OrderState.FULFILLED: gettext_lazy("On its way"),
    OrderState.COMPLETED: gettext_lazy("Arrived"),
}


def _steps(order: Order) -> list[dict[str, Any]]:
    if order.state not in STEPS:
        return []
    now = STEPS.index(OrderState(order.state))
    states = ["done" if at <= now else "todo" for at in range(len(STEPS))]
    if order.state != OrderState.COMPLETED:
        states[now] = "current"
    return [
        {"label": STEP_WORDS[step], "state": state}
        for step, state in zip(STEPS, states, strict=True)
    ]


@login_required
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order: what was bought, how far it is, what happened."""
    found = order_of(caller(request), number)
    lines = list(found.lines.all())
    urls = image_urls([line.variant_id for line in lines])
    context = {
        "order": found,
        "lines": [(line, urls.get(line.variant_id, "")) for line in lines],
        "steps": _steps(found),
        "entries": [
            {"title": OrderState(each.to_state).label, "at": each.at, "note": each.note}
            for each in found.transitions.order_by("-at", "-pk")
        ],
    }
    return render(request, "shop/orders/order.html", context)
