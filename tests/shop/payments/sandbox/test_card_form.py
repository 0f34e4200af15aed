"""The shop's own card form, in a real browser and from another origin, against the sandbox."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.shop.payments.sandbox.running import ROOT

pytestmark = pytest.mark.browser
COMPONENT = ROOT / "shop/templates/components/card_form.html"
SCRIPT = ROOT / "shop/static/js/card-form.js"


class Shop:
    """One page with the form, one to come back to, on an origin of their own."""

    def __init__(self):
        self.page = ""
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                kind, body = "text/html", "<h1>Back</h1>"
                if self.path == "/form":
                    body = shop.page
                elif self.path == "/card-form.js":
                    kind, body = "text/javascript", SCRIPT.read_text()
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def show(self, sandbox, intent):
        """Fill the template's places by hand, as this test runs without Django."""
        values = {
            "api_base": sandbox.url,
            "publishable_key": "pk_test_123",
            "client_secret": intent.client_secret,
            "intent_id": intent.id,
            "intent_kind": intent.object.removesuffix("_intent"),
            "return_url": f"{self.url}/back?next=box",
            "label": "Save card",
        }
        html = re.sub(r"{% comment %}.*?{% endcomment %}", "", COMPONENT.read_text(), flags=re.S)
        html = re.sub(r"{% if live %}.*?{% else %}(.*?){% endif %}", r"\1", html, flags=re.S)
        html = re.sub(r"{% translate ['\"](.*?)['\"] %}", r"\1", html)
        html = re.sub(r"{% include \"components/button.html\".*?%}", "<button>Save</button>", html)
        html = re.sub(r"{%.*?%}", "", html)
        html = re.sub(r"{{ (\w+).*?}}", lambda match: values[match[1]], html)
        self.page = f'{html}<script type="module" src="/card-form.js"></script>'


@pytest.fixture(scope="module")
def browser():
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium; make chromium installs Debian's")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def shop():
    shop = Shop()
    yield shop
    shop.server.shutdown()
    shop.server.server_close()


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_default_timeout(5000)
    yield page
    page.close()


def fill(page, number):
    page.fill("#card-name", "Ada")
    page.fill("#card-number", number)
    page.fill("#card-expiry", "12 / 34")
    page.fill("#card-cvc", "123")
    page.click("button")


def test_a_declined_card_is_told_and_a_good_one_is_kept(sandbox, client, customer, shop, page):
    intent = client.setup_intents.create({"customer": customer.id})
    shop.show(sandbox, intent)
    page.goto(f"{shop.url}/form")
    fill(page, "4000000000009995")
    page.get_by_text("There is not enough money on this card.").wait_for()
    fill(page, "4242424242424242")
    page.wait_for_url(f"{shop.url}/back?next=box&setup_intent={intent.id}&*")
    assert "redirect_status=succeeded" in page.url
    [kept] = client.customers.payment_methods.list(customer.id).data
    assert (kept.card.last4, kept.billing_details.name) == ("4242", "Ada")


@pytest.mark.parametrize(
    ("button", "status", "ends"),
    [("Complete", "succeeded", "succeeded"), ("Fail", "requires_payment_method", "failed")],
)
def test_a_3ds_card_goes_by_the_banks_page(sandbox, client, shop, page, button, status, ends):
    intent = client.payment_intents.create({"amount": 14500, "currency": "eur"})
    shop.show(sandbox, intent)
    page.goto(f"{shop.url}/form")
    fill(page, "4000002760003184")
    page.get_by_role("button", name=f"{button} authentication").click()
    page.wait_for_url(f"{shop.url}/back?next=box&payment_intent={intent.id}&*")
    assert page.url.endswith(f"redirect_status={ends}")
    assert client.payment_intents.retrieve(intent.id).status == status


def test_without_scripts_the_link_leads_to_the_sandboxes_form(
    sandbox, client, customer, shop, browser
):
    intent = client.setup_intents.create({"customer": customer.id})
    shop.show(sandbox, intent)
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(5000)
    page.goto(f"{shop.url}/form")
    page.get_by_role("link", name="Save card").click()
    page.get_by_label("Name auf der Karte").fill("Ada")
    page.get_by_label("Kartennummer").fill("4000 0025 0000 3155")
    page.get_by_label("Gültig bis").fill("12 / 34")
    page.get_by_label("Prüfziffer").fill("123")
    page.get_by_role("button", name="Karte speichern").click()
    page.get_by_role("button", name="Bestätigung abschließen").click()
    page.wait_for_url(f"{shop.url}/back?next=box&setup_intent={intent.id}&*")
    assert client.setup_intents.retrieve(intent.id).status == "succeeded"
    context.close()
