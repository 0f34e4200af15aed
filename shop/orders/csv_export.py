"""Orders as CSV, with where they go and what is in them: for a spreadsheet, or a carrier's site."""

from collections.abc import Iterator

from django.db.models import QuerySet

from shop.foundation.exports import csv_lines
from shop.foundation.keyset import keyset_page
from shop.orders.models import Order

# The first is soon sent, and no cursor stays open while somebody downloads.
ORDERS_A_READ = 500
COLUMNS = (
    "number",
    "state",
    "email",
    "name",
    "line1",
    "line2",
    "postal_code",
    "city",
    "country",
    "pieces",
    "packed",
    "contents",
    "total",
    "currency",
    "placed_at",
    "paid_at",
    "carrier",
    "tracking_number",
)


def orders_csv(orders: QuerySet[Order]) -> Iterator[str]:
    """Return orders line by line, their columns' names first.

    Args:
        orders: as ``orders_matching`` returns them.
    """
    yield from csv_lines([COLUMNS])
    yield from csv_lines(_cells(order) for order in _page_by_page(orders))


def _page_by_page(orders: QuerySet[Order]) -> Iterator[Order]:
    after = ""
    rows = orders.select_related("user", "address").prefetch_related("lines__variant")
    while True:
        page = keyset_page(rows, asked={"after": after}, size=ORDERS_A_READ)
        yield from page
        if not (after := page.after):
            return


def _cells(order: Order) -> tuple[object, ...]:
    lines, goes_to = list(order.lines.all()), order.address
    return (
        order.number,
        order.state,
        order.user.email,
        goes_to.name,
        goes_to.line1,
        goes_to.line2,
        goes_to.postal_code,
        goes_to.city,
        goes_to.country,
        sum(each.quantity for each in lines),
        sum(each.packed for each in lines),
        "; ".join(f"{each.quantity} × {each.variant.sku}" for each in lines),
        order.total.amount,
        str(order.total.currency),
        order.placed_at,
        order.paid_at,
        order.carrier,
        order.tracking_number,
    )
