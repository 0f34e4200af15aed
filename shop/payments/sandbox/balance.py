"""The balance and its entries (https://docs.stripe.com/api/balance)."""

from shop.payments.sandbox import listing
from shop.payments.sandbox.calls import Call, Endpoint
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import text


def _balance(call: Call) -> Json:
    rows = call.tx.sql(
        "SELECT json_extract(body, '$.currency'), json_extract(body, '$.available_on') <= ?, "
        "SUM(json_extract(body, '$.net')) FROM objects WHERE kind = 'balance_transaction' "
        "GROUP BY 1, 2 ORDER BY 1",
        call.now,
    ).fetchall()
    sums = {(currency, bool(available)): net for currency, available, net in rows}
    currencies = sorted({currency for currency, _ in sums}) or ["eur"]

    def amounts(available: bool) -> list[Json]:
        return [
            {
                "amount": sums.get((currency, available), 0),
                "currency": currency,
                "source_types": {"card": sums.get((currency, available), 0)},
            }
            for currency in currencies
        ]

    return {
        "object": "balance",
        "available": amounts(True),
        "livemode": False,
        "pending": amounts(False),
    }


def _present(call: Call, entry: Json) -> Json:
    available = entry["available_on"] <= call.now
    return {**entry, "status": "available" if available else "pending"}


def _retrieve(call: Call) -> Json:
    return _present(call, call.subject("balance_transaction"))


def _list(call: Call) -> Json:
    filters = {name: call.get(name) for name in ("type", "source") if call.get(name)}
    return listing.page(
        call,
        "balance_transaction",
        "/v1/balance_transactions",
        filters,
        lambda entry: _present(call, entry),
    )


ENDPOINTS = (
    Endpoint("GET", "/v1/balance", _balance, listing.EXPAND),
    Endpoint(
        "GET",
        "/v1/balance_transactions",
        _list,
        {**listing.LIST, "type": text(), "source": text()},
    ),
    Endpoint("GET", "/v1/balance_transactions/{}", _retrieve, listing.EXPAND),
)
