"""The box and the trials as a customer meets them, with and without scripts."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from shop.catalogue.models import Frame
from shop.customers.models import Address, User
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    TrialUnitFactory,
    delivered_trial,
    filled_box,
    requested_trial,
    shipped_trial,
)
from trials.home_trials.models import Box, Trial
from trials.programme.queries import current_version
from trials.reports.services import tell_sent_back
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db
BOX, PLACE = "/box/", "/box/place/"


@pytest.fixture(autouse=True)
def _rules() -> None:
    ProgrammeVersionFactory()


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def client(user: User) -> Iterator[Client]:
    client = Client()
    client.force_login(user)
    return client


def _sent(user: User, **fields: object) -> dict[str, object]:
    return {
        "wish": uuid.uuid4(),
        "version": current_version(country="DE").pk,
        "address": AddressFactory(user=user).pk,
        "card": SavedCardFactory(user=user).pk,
        **fields,
    }


def test_a_visitors_box_becomes_hers_when_she_logs_in(user: User) -> None:
    visitor, unit = Client(), TrialUnitFactory()
    visitor.post("/box/add/", {"variant": unit.variant_id})
    assert unit.variant.frame.name in visitor.get(BOX).content.decode()

    visitor.force_login(user)
    page = visitor.get(BOX)

    assert unit.variant.frame.name in page.content.decode()
    assert Box.objects.get().user == user


def test_without_scripts_adding_leads_to_the_box_with_a_message(client: Client) -> None:
    unit = TrialUnitFactory()

    page = client.post("/box/add/", {"variant": unit.variant_id}, follow=True)

    assert page.redirect_chain == [(BOX, 302)]
    assert f"{unit.variant} is in your box: 1 of 5." in page.content.decode()


def test_with_scripts_adding_answers_with_a_toast_and_the_count(client: Client) -> None:
    unit = TrialUnitFactory()

    answer = client.post("/box/add/", {"variant": unit.variant_id}, headers={"HX-Request": "true"})

    assert "1 of 5" in answer["HX-Trigger"]
    assert 'id="box-count"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_box_names_what_is_gone_since(client: Client, user: User) -> None:
    box = filled_box(user=user, frames=2)
    gone = box.items.first().variant
    TrialUnit.objects.filter(variant=gone).update(state="out")

    page = client.get(BOX).content.decode()

    assert f"the last trial pair of: {gone}." in page


def test_a_frame_is_taken_out(client: Client, user: User) -> None:
    box = filled_box(user=user, frames=2)

    client.post("/box/remove/", {"variant": box.items.first().variant_id})

    assert box.items.count() == 1


@pytest.mark.parametrize("sent", [{}, {"variant": "x"}, {"variant": "1; DROP"}])
def test_a_form_without_a_frame_is_refused(client: Client, sent: dict[str, str]) -> None:
    assert client.post("/box/add/", sent).status_code == 422


def test_placing_asks_a_visitor_to_log_in_first() -> None:
    answer = Client().get(PLACE)

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={PLACE}")


def test_an_empty_box_leads_back_to_the_box(client: Client) -> None:
    assert client.get(PLACE)["Location"] == BOX


def test_the_terms_are_shown_before_she_asks(client: Client, user: User) -> None:
    filled_box(user=user, frames=2)

    page = client.get(PLACE).content.decode()

    assert "5 days from the day it arrives" in page
    assert "3 more days before anything is charged" in page
    assert "145.00" in page


def test_a_double_click_gives_one_trial_and_both_land_on_it(client: Client, user: User) -> None:
    filled_box(user=user, frames=2)
    sent = _sent(user)

    first, second = client.post(PLACE, sent), client.post(PLACE, sent)

    trial = Trial.objects.get()
    assert first["Location"] == second["Location"] == f"/trials/{trial.number}/"


def test_a_new_address_is_kept_and_used(client: Client, user: User) -> None:
    filled_box(user=user, frames=1)
    new = {"name": "Mia", "line1": "Elbe 2", "postal_code": "01067", "city": "Dresden"}
    fields = {f"new-{name}": value for name, value in {**new, "country": "DE"}.items()}

    client.post(PLACE, {**_sent(user), "address": "new", **fields})

    assert Trial.objects.get().address == Address.objects.get(city="Dresden", user=user)


def test_without_a_card_her_address_is_kept_and_the_card_asked_for(
    client: Client, user: User
) -> None:
    filled_box(user=user, frames=1)
    new = {"name": "Mia", "line1": "Elbe 2", "postal_code": "01067", "city": "Dresden"}
    fields = {f"new-{name}": value for name, value in {**new, "country": "DE"}.items()}

    terms = current_version(country="DE").pk
    sent = {"wish": uuid.uuid4(), "version": terms, "address": "new", "card": "", **fields}
    answer = client.post(PLACE, sent)

    assert answer["Location"] == "/account/cards/new/?next=%2Fbox%2Fplace%2F"
    assert Address.objects.get(user=user).city == "Dresden"
    assert not Trial.objects.exists()


def test_fields_folded_away_do_not_block_the_form(client: Client, user: User) -> None:
    filled_box(user=user, frames=1)
    field = 'name="new-line1"'
    alone = client.get(PLACE).content.decode()
    AddressFactory(user=user)
    beside = client.get(PLACE).content.decode()

    def tag(page: str) -> str:
        return next(part for part in page.split("<") if field in part)

    assert " required" in tag(alone)
    assert " required" not in tag(beside)


def test_an_address_typed_beside_a_chosen_one_is_the_one_meant(client: Client, user: User) -> None:
    filled_box(user=user, frames=1)
    new = {"name": "Mia", "line1": "Elbe 2", "postal_code": "01067", "city": "Dresden"}
    fields = {f"new-{name}": value for name, value in {**new, "country": "DE"}.items()}

    client.post(PLACE, {**_sent(user), **fields})

    assert Trial.objects.get().address.city == "Dresden"


def test_a_new_address_that_lacks_its_town_places_nothing(client: Client, user: User) -> None:
    filled_box(user=user, frames=1)

    answer = client.post(PLACE, {**_sent(user), "address": "new", "new-name": "Mia"})

    assert answer.status_code == 422
    assert not Trial.objects.exists()


def test_a_card_number_in_a_new_address_is_said_at_its_field_and_empties_nothing(
    client: Client, user: User
) -> None:
    filled_box(user=user, frames=1)
    typed = {"name": "Mia", "line1": "4242 4242 4242 4242", "postal_code": "10969", "city": "Ulm"}
    new = {f"new-{field}": text for field, text in {**typed, "country": "DE"}.items()}

    answer = client.post(
        PLACE,
        {**_sent(user), "address": "new", **new},
        headers={"Referer": f"http://testserver{PLACE}"},
    )

    assert answer.status_code == 422
    form = answer.context["form"].new_address
    assert set(form.errors) == {"line1"}
    assert "looks like a card number" in str(form.errors["line1"])
    page = answer.content.decode()
    assert all(f'value="{text}"' in page for text in typed.values())
    assert not Address.objects.filter(name="Mia").exists()
    assert not Trial.objects.exists()


def test_the_address_of_another_cannot_be_chosen(client: Client, user: User) -> None:
    filled_box(user=user, frames=1)

    answer = client.post(PLACE, _sent(user, address=AddressFactory().pk))

    assert answer.status_code == 422
    assert not Trial.objects.exists()


def test_a_frame_taken_meanwhile_is_said_where_she_stands(client: Client, user: User) -> None:
    filled_box(user=user, variants=[VariantFactory()])
    here = {"Referer": f"http://testserver{BOX}"}

    page = client.post(PLACE, _sent(user), headers=here, follow=True)

    assert "Just taken by somebody else" in page.content.decode()
    assert not Trial.objects.exists()


def test_her_trials_are_listed_and_nobody_elses(client: Client, user: User) -> None:
    mine, other = requested_trial(user=user), requested_trial()

    page = client.get("/trials/").content.decode()

    assert mine.number in page
    assert other.number not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_trial_of_another_is_not_found(client: Client, method: str) -> None:
    other = requested_trial()
    name = "trials:trial" if method == "get" else "trials:trial_cancel"

    answer = getattr(client, method)(reverse(name, args=[other.number]))

    assert answer.status_code == 404
    other.refresh_from_db()
    assert other.state == "requested"


def test_at_home_the_page_says_until_when_in_her_zone(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(time_zone="Pacific/Auckland")
    user.refresh_from_db()
    trial = delivered_trial(user=user)

    page = client.get(f"/trials/{trial.number}/").content.decode()

    trial.refresh_from_db()
    day = trial.due_at.astimezone(user.zone)
    assert f"Yours to try until {day:%A}, {day.day} {day:%B}." in page
    assert "Sending back" in page


def test_she_cancels_what_is_not_packed(client: Client, user: User) -> None:
    trial = requested_trial(user=user)
    assert "Cancel this trial" in client.get(f"/trials/{trial.number}/").content.decode()

    page = client.post(f"/trials/{trial.number}/cancel/", follow=True)

    assert "Your trial is cancelled" in page.content.decode()
    trial.refresh_from_db()
    assert trial.state == "cancelled"


def test_cancelling_once_more_in_another_tab_shows_it_as_done(client: Client, user: User) -> None:
    trial = requested_trial(user=user)
    url = f"/trials/{trial.number}/"
    client.post(f"{url}cancel/", follow=True)
    headers = {"Referer": f"http://testserver{url}"}
    page = client.post(f"{url}cancel/", headers=headers, follow=True).content.decode()

    assert "Your trial is cancelled." in page
    assert "cannot become" not in page
    assert "goes back to your card" not in page
    assert "Nothing was charged" not in page


def test_what_has_left_offers_no_cancelling(client: Client, user: User) -> None:
    trial = shipped_trial(user=user)

    assert "Cancel this trial" not in client.get(f"/trials/{trial.number}/").content.decode()


@pytest.mark.parametrize("path", ["/box/", "/trials/"])
def test_more_rows_take_no_more_queries(
    client: Client, user: User, path: str, django_assert_max_num_queries: object
) -> None:
    requested_trial(user=user, frames=1)
    filled_box(user=user, frames=1)
    client.get(path)
    with django_assert_max_num_queries(100) as few:
        client.get(path)
    Trial.objects.update(state="closed")
    requested_trial(user=user, frames=4)
    filled_box(user=user, frames=3)
    with django_assert_max_num_queries(len(few)):
        client.get(path)


@pytest.mark.parametrize(
    ("mode", "damaged", "lede", "card"),
    [
        ("return_all", 40, "All of them come back; you buy a new pair", "for damage up to 40 %"),
        ("return_all", 0, "All of them come back; you buy a new pair", "unless one stays away."),
        ("keep_and_pay", 0, "Send back what you do not keep", "unless one stays away."),
    ],
)
def test_the_box_says_what_comes_back_and_what_may_be_charged_as_its_terms_do(
    client: Client, user: User, mode: str, damaged: int, lede: str, card: str
) -> None:
    ProgrammeVersionFactory(number=2, mode=mode, damaged_percent=damaged)
    filled_box(user=user)

    page, place = client.get(BOX).content.decode(), client.get(PLACE).content.decode()

    ledes = ("All of them come back; you buy a new pair", "Send back what you do not keep")
    assert [words for words in ledes if words in page] == [lede]
    assert card in place


def test_once_she_said_that_it_is_sent_nothing_more_is_asked_of_her(
    client: Client, user: User
) -> None:
    trial = delivered_trial(user=user)
    address = f"/trials/{trial.number}/"
    assert "Hand it to the carrier by" in client.get(address).content.decode()
    said = tell_sent_back(user=user, number=trial.number)

    page = client.get(address).content.decode()

    day = date_format(said.told_at.astimezone(user.zone), "l, j F")
    assert f"You told us on {day} that your box is on its way back." in page
    assert "There is nothing more to do." in page
    for words in ("Yours to try until", "Hand it to the carrier by"):
        assert words not in page
    with time_machine.travel(trial.due_at + timedelta(hours=30)):
        assert "Please send your box back" not in client.get(address).content.decode()


def test_a_box_says_which_of_its_frames_has_left_the_shop(client: Client) -> None:
    unit = TrialUnitFactory()
    client.post("/box/add/", {"variant": unit.variant_id})
    assert "No longer in the shop" not in client.get(BOX).content.decode()

    Frame.objects.filter(pk=unit.variant.frame_id).update(published=False)

    page = client.get(BOX).content.decode()
    assert "No longer in the shop" in page
    assert f"{unit.variant}: take it out to place your box." in page


def test_the_first_country_to_send_to_is_the_shops_own(client: Client, settings: Any) -> None:
    settings.SHOP_COUNTRY = "AT"
    TrialUnitFactory()
    filled_box(user=User.objects.get(), frames=1)

    assert '<option value="AT" selected>' in client.get(PLACE).content.decode()
