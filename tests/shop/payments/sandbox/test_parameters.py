"""Keys, parameters, lists and expansion: what is answered to a request as such."""

import base64

import pytest
import requests
import stripe


def test_any_test_secret_key_will_do_as_bearer_or_basic(sandbox):
    url = f"{sandbox.url}/v1/balance"
    basic = base64.b64encode(b"sk_test_a-b:").decode()
    for authorization in ("Bearer sk_test_abc", f"Basic {basic}"):
        answer = requests.get(url, headers={"Authorization": authorization}, timeout=5)
        assert answer.status_code == 200
        assert answer.headers["Request-Id"].startswith("req_")


@pytest.mark.parametrize("key", ["sk_live_abc", "nonsense", "sk_test_", "rk_test_abc"])
def test_any_other_key_is_401(sandbox, key):
    client = stripe.StripeClient(key, base_addresses={"api": sandbox.url}).v1
    with pytest.raises(stripe.AuthenticationError) as refusal:
        client.customers.list()
    assert refusal.value.http_status == 401


def test_no_key_is_401(sandbox):
    answer = requests.get(f"{sandbox.url}/v1/customers", timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "eur"}, "parameter_missing", "amount"),
        ({"amount": 500, "currency": "eur", "colour": "red"}, "parameter_unknown", "colour"),
        (
            {"amount": 500, "currency": "eur", "shipping": {"planet": "Mars"}},
            "parameter_unknown",
            "shipping[planet]",
        ),
        ({"amount": "lots", "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"amount": -5, "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"amount": "", "currency": "eur"}, "parameter_invalid_empty", "amount"),
        ({"amount": 500, "currency": "eurs"}, None, "currency"),
        ({"amount": 500, "currency": "eur", "confirm": "perhaps"}, None, "confirm"),
        ({"amount": 500, "currency": "eur", "capture_method": "later"}, None, "capture_method"),
        ({"amount": 500, "currency": "eur", "customer": "cus_no"}, "resource_missing", "customer"),
        (
            {"amount": 500, "currency": "eur", "payment_method": "pm_no"},
            "resource_missing",
            "payment_method",
        ),
        ({"amount": 500, "currency": "eur", "metadata": {"k" * 41: "v"}}, None, None),
    ],
)
def test_a_wrong_parameter_is_named(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.create(params)
    error = refusal.value
    assert (error.http_status, error.code) == (400, code)
    assert param is None or error.param == param
    assert client.payment_intents.list().data == []


@pytest.mark.parametrize(
    "retrieve",
    [
        lambda client: client.customers.retrieve("cus_no"),
        lambda client: client.payment_intents.retrieve("pi_no"),
        lambda client: client.setup_intents.retrieve("seti_no"),
        lambda client: client.payment_methods.retrieve("pm_no"),
        lambda client: client.charges.retrieve("ch_no"),
        lambda client: client.refunds.retrieve("re_no"),
        lambda client: client.events.retrieve("evt_no"),
        lambda client: client.disputes.retrieve("du_no"),
        lambda client: client.webhook_endpoints.retrieve("we_no"),
    ],
)
def test_what_does_not_exist_is_404(client, retrieve):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        retrieve(client)
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_what_the_sandbox_leaves_out_is_404_and_says_so(client):
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refusal:
        client.products.list()
    assert refusal.value.http_status == 404


def test_lists_are_paged_both_ways_newest_first(client):
    made = [client.customers.create({"name": str(number)}).id for number in range(5)]
    newest = made[::-1]
    first = client.customers.list({"limit": 2})
    assert ([each.id for each in first.data], first.has_more) == (newest[:2], True)
    second = client.customers.list({"limit": 2, "starting_after": newest[1]})
    assert [each.id for each in second.data] == newest[2:4]
    last = client.customers.list({"limit": 2, "starting_after": newest[3]})
    assert ([each.id for each in last.data], last.has_more) == (newest[4:], False)
    back = client.customers.list({"limit": 2, "ending_before": newest[3]})
    assert ([each.id for each in back.data], back.has_more) == (newest[1:3], True)
    assert [each.id for each in client.customers.list({"limit": 2}).auto_paging_iter()] == newest
    for wrong in ({"limit": 101}, {"limit": 0}, {"starting_after": "cus_no"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.customers.list(wrong)


def test_lists_are_narrowed_by_field_and_time(sandbox, client):
    old = client.customers.create({"email": "old@example.org"})
    now = sandbox.turn("clock", advance=1000)["now"]
    new = client.customers.create({"email": "new@example.org"})
    assert [each.id for each in client.customers.list({"created": {"gte": now}})] == [new.id]
    assert [each.id for each in client.customers.list({"created": {"lt": now}})] == [old.id]
    by_email = client.customers.list({"email": "old@example.org"})
    assert [each.id for each in by_email] == [old.id]
    kinds = client.events.list({"types": ["customer.created", "customer.deleted"]})
    assert len(kinds.data) == 2


def test_ids_are_expanded_where_asked(client, customer):
    intent = client.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "confirm": True,
            "expand": ["customer", "payment_method", "latest_charge.balance_transaction"],
        }
    )
    assert intent.customer.email == "ada@example.org"
    assert intent.payment_method.card.last4 == "4242"
    assert intent.latest_charge.balance_transaction.amount == 500
    listed = client.payment_intents.list({"expand": ["data.latest_charge"]})
    assert listed.data[0].latest_charge.amount == 500
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.payment_intents.retrieve(intent.id, {"expand": ["amount"]})


def test_metadata_is_merged_and_cleared(client):
    customer = client.customers.create({"metadata": {"a": "1", "b": "2"}})
    updated = client.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    assert updated.metadata.to_dict() == {"a": "1", "c": "3"}
    assert client.customers.update(customer.id, {"metadata": ""}).metadata.to_dict() == {}


def test_a_deleted_customer_is_gone_with_her_cards(client, customer):
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.customers.update(
        customer.id, {"invoice_settings": {"default_payment_method": method.id}}
    )
    assert client.customers.delete(customer.id).deleted
    assert client.customers.retrieve(customer.id).deleted
    assert client.payment_methods.retrieve(method.id).customer is None
    assert client.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.setup_intents.create({"customer": customer.id})
    assert refusal.value.code == "resource_missing"
