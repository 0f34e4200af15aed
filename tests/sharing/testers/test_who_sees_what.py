"""A frame not released, by everybody and on every way: only its testers find it."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from sharing.galleries.errors import FramesInvalidError
from sharing.galleries.services import create_frames_gallery, create_gallery, create_link
from sharing.galleries.tokens import link_token
from sharing.testers.services.panels import answer_invitation, close_panel, invite
from shop.catalogue.models import Variant
from shop.catalogue.services.listing import refresh_listings
from shop.customers.models import User
from shop.orders.errors import NotForSaleError
from shop.orders.services.carts import add_to_cart, cart_for
from tests.factories.sharing import open_panel_of
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    SavedCardFactory,
    StaffFactory,
    UserFactory,
    VariantFactory,
)
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory
from trials.home_trials.errors import NotForTrialError
from trials.home_trials.models import Trial
from trials.home_trials.services.boxes import add_to_box, box_for
from trials.home_trials.services.requests import place_trial
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db
NAME = "Nonpareil"


@pytest.fixture
def variant() -> Variant:
    ProgrammeVersionFactory()
    secret = VariantFactory(frame__name=NAME, frame__handle="nonpareil", frame__published=False)
    for _each in range(3):
        TrialUnitFactory(variant=secret)
    refresh_listings(frame_ids=[secret.frame_id])
    return secret


@pytest.fixture
def people(variant: Variant) -> dict[str, User | None]:
    """Everybody there is: only ``tester`` has said yes to an open panel of the frame."""
    names = ("tester", "invited", "declined", "removed", "other_panel", "closed_panel")
    found: dict[str, User | None] = {name: UserFactory() for name in (*names, "customer")}
    found |= {"visitor": None, "ops": StaffFactory(), "manager": ManagerFactory()}
    ops = StaffFactory()
    panel = open_panel_of(found["tester"], found["removed"], variants=[variant], by=ops)
    emails = [found[name].email for name in ("invited", "declined")]
    invite(panel_id=panel.pk, by=ops, emails=emails)
    answer_invitation(user=found["declined"], panel_id=panel.pk, accept=False)
    from sharing.testers.services.panels import remove_tester

    out = panel.testers.get(user=found["removed"])
    remove_tester(panel_id=panel.pk, tester_id=out.pk, by=ops)
    open_panel_of(found["other_panel"], by=ops)
    over = open_panel_of(found["closed_panel"], variants=[variant], by=ops)
    close_panel(panel_id=over.pk, by=ops)
    return found


def browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def app(user: User | None) -> APIClient:
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client


ROLES = [
    *("tester", "invited", "declined", "removed", "other_panel", "closed_panel"),
    *("customer", "visitor", "ops", "manager"),
]


@pytest.mark.parametrize("role", ROLES)
def test_only_testers_find_the_frame_and_nobody_in_a_list(role, people, variant) -> None:
    who, is_tester = people[role], role == "tester"
    page = browser(who).get("/frames/nonpareil/")
    assert page.status_code == (200 if is_tester else 404)
    assert (NAME in page.content.decode()) == is_tester
    if is_tester:
        assert 'content="noindex"' in page.content.decode()
        assert 'action="/cart/' not in page.content.decode()
    for path in ("/", "/frames/", f"/frames/?q={NAME}", "/frames/?shape=round"):
        # What was searched for stands in the field; the frame itself would stand as a link.
        assert "/frames/nonpareil/" not in browser(who).get(path).content.decode(), path
    for path in ("/api/v1/frames/", f"/api/v1/frames/?q={NAME}"):
        assert app(who).get(path).json()["results"] == [], path
    assert app(who).get("/api/v1/frames/nonpareil/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_only_testers_put_it_into_a_box_by_page_and_by_api(role, people, variant) -> None:
    who, is_tester = people[role], role == "tester"
    by_page = browser(who)
    by_page.post("/box/add/", {"variant": variant.pk})
    assert (NAME in by_page.get("/box/").content.decode()) == is_tester
    if who is not None:
        answer = app(who).post("/api/v1/box/items/", {"variant_id": variant.pk}, format="json")
        assert answer.status_code == (200 if is_tester else 409)
        assert is_tester or answer.json()["code"] != "nothing_free"


@pytest.mark.parametrize("role", ROLES)
def test_nobody_buys_it_before_it_is_released(role, people, variant) -> None:
    who = people[role]
    cart = cart_for(user=who)
    with pytest.raises(NotForSaleError):
        add_to_cart(cart_id=cart.pk, variant_id=variant.pk)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "visitor"])
def test_only_testers_make_a_gallery_of_it(role, people, variant) -> None:
    who, other = people[role], VariantFactory()
    wanted = [variant.pk, other.pk]
    if role != "tester":
        with pytest.raises(FramesInvalidError):
            create_frames_gallery(owner=who, variant_ids=wanted)
        return
    gallery = create_frames_gallery(owner=who, variant_ids=wanted)
    assert set(gallery.items.values_list("variant_id", flat=True)) == set(wanted)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "visitor"])
def test_the_test_itself_shows_frames_to_its_testers_alone(role, people, variant) -> None:
    who = people[role]
    listed = app(who).get("/api/v1/tests/").json()["results"]
    named = [row["panel"] for row in listed]
    for panel_id in named:
        shown = app(who).get(f"/api/v1/tests/{panel_id}/").json()
        assert ("nonpareil" in str(shown["frames"])) == (role == "tester")
        page = browser(who).get(f"/tests/{panel_id}/").content.decode()
        assert (NAME in page) == (role == "tester")


def place(user: User) -> Trial:
    return place_trial(
        user=user,
        box_id=box_for(user=user).pk,
        address_id=AddressFactory(user=user).pk,
        card_id=SavedCardFactory(user=user).pk,
    )


def test_a_tester_tries_it_at_home_and_her_friends_see_it_by_her_link(
    people, variant, friend
) -> None:
    user = people["tester"]
    add_to_box(box_id=box_for(user=user).pk, variant_id=variant.pk)
    trial = place(user)
    assert TrialUnit.objects.get(trial_items__trial=trial).state == "reserved"
    Trial.objects.filter(pk=trial.pk).update(delivered_at=trial.requested_at, state="delivered")
    gallery = create_gallery(owner=user, trial_id=trial.pk)
    token = link_token(create_link(owner=user, gallery_id=gallery.pk).pk)
    assert NAME in friend.get(f"/g/{token}/").content.decode()
    assert friend.get("/frames/nonpareil/").status_code == 404


def test_a_box_filled_before_the_panel_closed_is_not_placed_after(people, variant) -> None:
    user = people["tester"]
    add_to_box(box_id=box_for(user=user).pk, variant_id=variant.pk)
    close_panel(panel_id=user.panels.get().panel_id, by=people["ops"])
    with pytest.raises(NotForTrialError):
        place(user)
    assert not Trial.objects.exists()


def test_once_it_is_released_everybody_finds_and_buys_it(people, variant) -> None:
    variant.frame.published = True
    variant.frame.save()
    assert browser(None).get("/frames/nonpareil/").status_code == 200
    assert add_to_cart(cart_id=cart_for(user=people["customer"]).pk, variant_id=variant.pk)
