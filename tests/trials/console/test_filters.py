"""Filters of lists: kept under a name, one's own or everybody's."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.foundation.privacy import Scope, erase_by
from tests.factories.shop import StaffFactory, UserFactory
from trials.console.errors import (
    FilterEmptyError,
    FilterMissingError,
    TooManyFiltersError,
)
from trials.console.filters import LISTS
from trials.console.models import ListName, SavedFilter
from trials.console.services import MOST_A_PERSON, remove_filter, save_filter

pytestmark = pytest.mark.django_db
LIST = reverse("console:trial_list")


def _kept(client: Client, **more: str) -> None:
    sent = {"list": "trials", "name": "Annas", "query": "q=anna&state=approved", **more}
    answer = client.post(reverse("console:filter_save"), sent)
    assert answer.url == f"{LIST}?state=approved&q=anna"


def test_a_filter_is_kept_on_the_lists_own_page_and_removed_there(client: Client) -> None:
    client.force_login(StaffFactory())
    _kept(client)
    kept = SavedFilter.objects.get()

    page = client.get(LIST, {"q": "anna", "state": "approved"}).content.decode()
    assert "Annas" in page
    gone = reverse("console:filter_remove", args=[kept.pk])
    assert gone in page
    client.post(gone, {"list": "trials"})
    assert "Annas</a>" not in client.get(LIST).content.decode()


def test_others_see_what_is_shared_and_cannot_remove_it(client: Client) -> None:
    mia, other = StaffFactory(name="Mia"), StaffFactory()
    client.force_login(mia)
    _kept(client)
    _kept(client, name="For all", shared="1")
    others = Client()
    others.force_login(other)

    page = others.get(LIST).content.decode()

    assert "For all" in page
    assert "Annas" not in page
    with pytest.raises(FilterMissingError):
        remove_filter(by=other, filter_id=SavedFilter.objects.get(shared=True).pk)


def test_the_same_name_again_replaces_and_what_is_no_filter_is_left_out() -> None:
    mia = StaffFactory()
    for query in ("state=packed", "after=x&q=bo&evil=1&state="):
        save_filter(by=mia, which=ListName.TRIALS, name="One", query=query, shared=False)

    assert SavedFilter.objects.get().query == "q=bo"


@pytest.mark.parametrize(("name", "query"), [("", "q=a"), (" \n", "q=a"), ("A", ""), ("A", "x=1")])
def test_nothing_is_kept_without_name_and_filter(name: str, query: str) -> None:
    with pytest.raises(FilterEmptyError):
        save_filter(by=StaffFactory(), which=ListName.TRIALS, name=name, query=query, shared=False)


def test_a_person_keeps_thirty_of_a_list() -> None:
    mia = StaffFactory()
    for n in range(MOST_A_PERSON):
        save_filter(by=mia, which=ListName.UNITS, name=str(n), query=f"q={n}", shared=False)

    save_filter(by=mia, which=ListName.UNITS, name="7", query="q=new", shared=False)
    with pytest.raises(TooManyFiltersError):
        save_filter(by=mia, which=ListName.UNITS, name="more", query="q=x", shared=False)


@pytest.mark.parametrize("which", ListName.values)
def test_every_list_that_can_be_filtered_shows_its_filters(client: Client, which: str) -> None:
    address, names = LISTS[which]
    client.force_login(StaffFactory())

    page = client.get(reverse(address), {names[0]: "paid"}).content.decode()

    assert reverse("console:filter_save") in page


def test_the_api_keeps_lists_and_removes(client: Client) -> None:
    api = APIClient()
    api.force_authenticate(StaffFactory())
    here = reverse("api-staff-filters")

    sent = {"list": "overdue", "name": "Dear", "query": "kind=lost&sort=amount", "shared": True}
    made = api.post(here, sent).json()

    assert [each["query"] for each in api.get(here).json()["results"]] == ["kind=lost&sort=amount"]
    assert api.delete(reverse("api-staff-filter", args=[made["id"]])).status_code == 204
    assert api.get(here).json()["results"] == []


def test_a_filter_of_orders_is_kept_by_state_and_words(client: Client) -> None:
    client.force_login(StaffFactory())
    here = reverse("orders:console_list")
    sent = {"list": "orders", "name": "Annas", "query": "before=x&q=anna&state=paid"}

    answer = client.post(reverse("console:filter_save"), sent)

    assert answer.url == f"{here}?state=paid&q=anna"
    page = client.get(answer.url).content.decode()
    assert 'href="?state=paid&amp;q=anna" aria-current="true"' in page
    # Another state keeps what was searched for.
    assert 'href="?state=fulfilled&amp;q=anna"' in page


def test_filters_that_name_a_customer_go_with_her_account() -> None:
    anna = UserFactory(name="Anna Braun", email="anna.braun@example.org")
    ops = StaffFactory()
    for name, query in (
        ("By mail", "q=anna.braun%40example.org"),
        ("By name", "q=anna+braun&state=approved"),
        ("Anna Braun's", "state=approved"),
        ("Annas", "q=anna"),
        ("Others", "q=anna.braunschweig%40example.org"),
    ):
        save_filter(by=ops, which=ListName.TRIALS, name=name, query=query, shared=True)

    erase_by({Scope.ACCOUNT}, anna)

    left = SavedFilter.objects.values_list("name", flat=True)
    assert sorted(left) == ["Annas", "Others"]
