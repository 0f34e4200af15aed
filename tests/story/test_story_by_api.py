"""The whole story as a program lives it: every step by a client generated from the schema."""

import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest

from shop.demo_logins import LOGINS
from tests.sharing.photos.pictures import jpeg
from tests.story import carrier, generated_client
from tests.story.generated_client import Api, model, module
from tests.story.running import ROOT, DemoShop, RunningShop, running_shop

pytestmark = pytest.mark.xdist_group("story")

DOCUMENT = ROOT / "docs" / "api.md"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, demo: DemoShop) -> Iterator[RunningShop]:
    """A running shop whose carrier signs what it reports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARRIER_WEBHOOK_SECRET", carrier.SECRET)
        folder = tmp_path_factory.mktemp("story-by-api")
        shop = running_shop(folder, demo=demo, name="story_by_api", redis_database=13)
        with shop as running:
            yield running


@pytest.fixture(scope="module", autouse=True)
def client(shop: RunningShop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The generated client, importable until the tests are over."""
    folder = tmp_path_factory.mktemp("client")
    generated_client.generate(f"{shop.url}/api/v1/schema/?format=json", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield
        for name in [each for each in sys.modules if each.startswith(generated_client.PACKAGE)]:
            del sys.modules[name]


def test_the_whole_story_by_a_client_generated_from_the_schema(shop: RunningShop) -> None:
    ops, manager = logged_in(shop, "ops"), logged_in(shop, "manager")
    before = figures(manager)

    customer = signed_up(shop)
    frames = looked_around(customer)
    trial = placed(customer, frames)
    sent_out(ops, trial.number)
    delivered_by_the_carrier(shop, ops, trial.number)
    until(lambda: customer("trials.get_trial", trial.number), lambda it: it.state == "delivered")

    gallery, link = shared(shop, customer, customer("trials.get_trial", trial.number))
    favourite = voted(shop, link.token)
    standing = customer("galleries.get_gallery", gallery.id).standing
    assert standing.total == 1
    assert [row.item_id for row in standing.rows if row.leader] == [favourite.id]

    bought(customer, gallery, favourite)
    came_back_short_of_one(shop, ops, customer, trial.number)

    after = figures(manager)
    assert {name: after[name] - before[name] for name in after} == dict.fromkeys(after, 1)
    assert "DIFFERS" not in shop.manage("recount_scorecard")
    assert "BROKEN" not in shop.manage("audit")


def test_the_examples_of_the_document_can_be_run(shop: RunningShop) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    blocks = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    script = "\n".join([*blocks, "echo; echo $TRIAL"]).replace("http://127.0.0.1:8000", shop.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert '"code":"not_authenticated"' in done.stdout
    assert re.search(r"\nT-\w+\n$", done.stdout), done.stdout[-200:]


def logged_in(shop: RunningShop, role: str) -> Api:
    """Log in as one of the demo's people."""
    email, password = next((email, word) for who, email, word in LOGINS if who == role)
    body = model("AuthLogin", password=password)
    body["email"] = email
    return with_token(shop, Api(shop.url)("log_in.auth_login", body=body))


def signed_up(shop: RunningShop) -> Api:
    """Make an account."""
    body = model("AuthSignup", email="lena@example.org", password="eight lenses in a drawer")
    anonymous = Api(shop.url)
    customer = with_token(shop, anonymous("log_in.auth_signup", body=body))
    assert anonymous.refused("box.get_box") == (401, "not_authenticated")
    return customer


def with_token(shop: RunningShop, answer: Any) -> Api:
    """Return a caller with the session token of a log-in's answer."""
    assert answer.meta.is_authenticated
    return Api(shop.url, answer.meta.session_token)


def looked_around(customer: Api) -> list[Any]:
    """List, filter and search; return three frames that differ."""
    pages = customer.pages("frames.list_frames", page_size=15)
    handles = [row.handle for page in pages for row in page]
    assert [len(page) for page in pages[:-1]] == [15] * (len(pages) - 1)
    assert len(pages) > 2
    assert len(handles) == len(set(handles))
    some = pages[0][0]
    shape = module("models").ListFramesShapeItem(some.shape.value)
    alike = customer("frames.list_frames", shape=[shape], page_size=100).results
    assert {row.shape.value for row in alike} == {some.shape.value}
    assert 0 < len(alike) < len(handles)
    found = customer("frames.list_frames", q=some.name.lower()[:4]).results
    assert some.handle in [row.handle for row in found]
    return [customer("frames.get_frame", handle) for handle in handles[:3]]


def placed(customer: Api, frames: list[Any]) -> Any:
    """Fill the box, give an address and a card, and place the trial once, asking twice."""
    for frame in frames:
        body = model("BoxItemInputRequest", variant_id=frame.variants[0].id)
        box = customer("box.add_to_box", body=body)
    assert [item.frame for item in box.items] == [frame.handle for frame in frames]
    assert all(item.free for item in box.items)
    assert (box.frames_per_box, box.days_at_home) == (5, 5)

    address = customer("addresses.add_address", body=home())
    card = card_saved(customer)
    ids = {"version_id": box.version_id, "address_id": address.id, "card_id": card.id}
    wish = model("TrialPlacementInputRequest", **ids)
    other = model("TrialPlacementInputRequest", **{**ids, "card_id": card.id + 1})
    first = customer.response("trials.place_trial", body=wish, idempotency_key="the-one-wish")
    again = customer.response("trials.place_trial", body=wish, idempotency_key="the-one-wish")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.parsed == first.parsed
    assert again.headers["Idempotent-Replayed"] == "true"
    refusal = customer.refused("trials.place_trial", body=other, idempotency_key="the-one-wish")
    assert refusal == (409, "idempotency_key_reused")
    assert [row.number for row in customer("trials.list_trials").results] == [first.parsed.number]
    return first.parsed


def home() -> Any:
    """Return where she lives."""
    country = module("models").CountryEnum("DE")
    return model(
        "AddressInputRequest",
        name="Lena Voss",
        line1="Oranienstraße 12",
        postal_code="10999",
        city="Berlin",
        country=country,
    )


def card_saved(customer: Api) -> Any:
    """Save a card: its number goes to Stripe alone, as from a browser."""
    setup = customer("cards.start_card_setup")
    confirmed(setup, "setup")
    card = customer("cards.finish_card_setup", setup.intent_id)
    assert (card.brand, card.last4) == ("visa", "4242")
    return card


def confirmed(start: Any, kind: str) -> None:
    """Confirm an intent at Stripe with the publishable key, as the card form does."""
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    fields = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
    answer = httpx.post(
        f"{start.stripe_api_base}/v1/{kind}_intents/{start.intent_id}/confirm",
        headers={"Authorization": f"Bearer {start.publishable_key}"},
        data={
            "client_secret": start.client_secret,
            "return_url": "http://127.0.0.1/",
            "payment_method_data[type]": "card",
            **fields,
        },
    )
    assert answer.json().get("status") == "succeeded", answer.text


def sent_out(ops: Api, number: str) -> None:
    """Approve, pack by barcode, print labels and hand over."""
    assert number in [row.number for row in ops("staff_trials.staff_list_trials").results]
    trial = ops("staff_trials.staff_approve_trial", number)
    wrong = model("StaffPackInputRequest", barcode="LG-NO-SUCH-UNIT")
    status, _code = ops.refused(
        "staff_trials.staff_pack_unit", number, body=wrong, idempotency_key=new_key()
    )
    assert status in (404, 409, 422)
    for item in trial.items:
        scan = model("StaffPackInputRequest", barcode=item.barcode)
        ops("staff_trials.staff_pack_unit", number, body=scan, idempotency_key=new_key())
    assert ops("staff_trials.staff_finish_packing", number).state == "packed"
    legs = ops("staff_trials.staff_create_labels", number)
    assert {parcel.leg.value for parcel in legs} == {"outbound", "return"}
    labels = ops("staff_trials.staff_get_labels", number)
    assert labels.payload.read(5) == b"%PDF-"
    shipped = ops("staff_trials.staff_ship_trial", number, idempotency_key=new_key())
    assert shipped.state == "shipped"


def delivered_by_the_carrier(shop: RunningShop, ops: Api, number: str) -> None:
    """Let the carrier report at its own door; unsigned, nobody believes it."""
    parcels = ops("staff_trials.staff_get_trial", number).shipments
    out = next(parcel for parcel in parcels if parcel.leg == "outbound")
    door = f"{shop.url}/webhooks/carriers/{out.carrier}/"
    forged = httpx.post(door, json={"tracking_number": out.tracking_number, "status": "delivered"})
    assert forged.status_code == 403
    carrier.reports(shop.url, tracking_number=out.tracking_number, status="delivered")


def shared(shop: RunningShop, customer: Api, trial: Any) -> tuple[Any, Any]:
    """Send a photo, make a gallery of the trial and a link to it."""
    form = model(
        "PhotoInputRequest",
        trial_item_id=trial.items[0].id,
        file=module("types").File(BytesIO(jpeg()), "me.jpg", "image/jpeg"),
        consent_version="2026-11",
    )
    photo = customer("photos.add_photo", trial.number, body=form)
    until(lambda: customer("photos.get_photo", photo.id), lambda it: it.state == "ready")
    picture = customer("photos.get_photo_file", photo.id, 800)
    assert picture.payload.read(3) == b"\xff\xd8\xff"
    body = model("GalleryInputRequest", trial=trial.number, question="Which one?")
    gallery = customer("galleries.create_gallery", body=body)
    channel = module("models").ChannelEnum("mail")
    link = customer(
        "galleries.create_link", gallery.id, body=model("ShareLinkInputRequest", channel=channel)
    )
    assert httpx.get(f"{shop.url}/g/{link.token}/").status_code == 200
    return gallery, link


def voted(shop: RunningShop, token: str) -> Any:
    """Vote as a friend without an account, and change one's mind; return the favourite."""
    friend = Api(shop.url)
    seen = friend("shared.get_shared_gallery", token)
    assert seen.question == "Which one?"
    with_photo = next(item for item in seen.items if item.photos)
    photo = httpx.get(shop.url + with_photo.photos[0])
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")
    refusal = friend.refused("shared.get_shared_standing", token, x_voter_token=seen.voter_token)
    assert refusal[0] == 403
    first, second = seen.items[:2]
    # Sent sooner than anybody looks, it would not count.
    time.sleep(1.6)
    paper = seen.ballot_paper
    said = friend(
        "shared.cast_vote",
        token,
        x_voter_token=seen.voter_token,
        body=model(
            "VoteInputRequest",
            ballot_paper=paper,
            favourite=first.id,
            name="Jo",
            comment="The round one!",
        ),
    )
    assert said.first
    reactions = model("VoteInputRequestReactions")
    reactions[str(second.id)] = module("models").VoteInputRequestReactionsAdditionalProperty("love")
    changed = friend(
        "shared.cast_vote",
        token,
        x_voter_token=said.voter_token,
        body=model(
            "VoteInputRequest",
            ballot_paper=paper,
            favourite=second.id,
            reactions=reactions,
            name="Jo",
        ),
    )
    assert not changed.first
    assert changed.standing.total == 1
    return second


def bought(customer: Api, gallery: Any, favourite: Any) -> None:
    """Buy the favourite: cart, order, payment."""
    trial = customer("trials.get_trial", gallery.trial)
    wished = model("GalleryPurchaseInputRequest", item_id=favourite.id)
    cart = customer("galleries.buy_from_gallery", gallery.id, body=wished)
    price = next(it.price for it in trial.items if it.variant_id == favourite.variant_id)
    assert cart.total.to_dict() == price.to_dict()
    address = customer("addresses.list_addresses").results[0]
    wish = model(
        "OrderPlacementInputRequest", address_id=address.id, expected_total=cart.total.amount
    )
    order = customer("orders.place_order", body=wish, idempotency_key="buy")
    again = customer("orders.place_order", body=wish, idempotency_key="buy")
    assert (order.state, again.number) == ("pending_payment", order.number)
    confirmed(customer("orders.start_order_payment", order.number), "payment")
    paid = customer("orders.refresh_order_payment", order.number)
    assert paid.state == "paid"
    assert paid.paid_at
    assert customer("cart.get_cart").lines == []


def came_back_short_of_one(shop: RunningShop, ops: Api, customer: Api, number: str) -> None:
    """Check the box in, charge the frame that is missing after grace, and close the trial."""
    *back, missing = ops("staff_trials.staff_get_trial", number).items
    models = module("models")
    for item in back:
        found = model(
            "CheckInInputRequest",
            barcode=item.barcode,
            finding=models.FindingEnum("good"),
            grade=models.GradeEnum("A"),
        )
        ops("staff_trials.staff_check_in_unit", number, body=found, idempotency_key=new_key())
    assert ops("staff_trials.staff_finish_check_in", number).state == "received"
    early = ops.refused("staff_trials.staff_charge_unreturned", number, idempotency_key=new_key())
    assert early[0] == 409

    shop.execute(
        "UPDATE trials_trial SET delivered_at = delivered_at - interval '6 days', "
        "due_at = due_at - interval '6 days', charge_at = charge_at - interval '6 days' "
        "WHERE number = %s",
        number,
    )
    until(lambda: ops("staff_trials.staff_get_trial", number), lambda it: it.reminded_at)
    shop.execute(
        "UPDATE trials_trial SET due_at = due_at - interval '4 days', "
        "charge_at = charge_at - interval '4 days', reminded_at = reminded_at - interval '4 days' "
        "WHERE number = %s",
        number,
    )
    closed = until(
        lambda: ops("staff_trials.staff_get_trial", number), lambda it: it.state == "closed"
    )
    [charged] = [item for item in closed.items if item.charges]
    assert charged.id == missing.id
    assert [(it.state, it.amount) for it in charged.charges] == [("paid", charged.price)]
    assert customer("trials.get_trial", number).closed_at


def figures(manager: Api) -> dict[str, int]:
    """Return what the scorecard counts along the story."""
    card = manager("scorecard.get_scorecard")
    counts = {step.stage: step.count for step in card.funnel}
    return counts | {act: card.acts.to_dict().get(act, 0) for act in ("vote_cast", "order_paid")}


def new_key() -> str:
    """Return an Idempotency-Key for one wish."""
    return str(uuid.uuid4())


def until(ask: Callable[[], Any], is_so: Callable[[Any], bool]) -> Any:
    """Ask until the worker has done its part; the answer that shows it."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        answer = ask()
        if is_so(answer):
            return answer
        time.sleep(0.2)
    raise TimeoutError(f"Still not so: {ask()}")
