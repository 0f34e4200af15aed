"""Every list, of pages, API and admin: twice the rows take no more queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import EndpointEnumerator
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from sharing.bookmarks.services.following import follow_person, follow_tag
from sharing.ideas.services import add_idea, vote_for
from sharing.privacy.models import DataExport, Erasure
from sharing.privacy.services.objecting import object_to_photo
from sharing.referrals.services.codes import invite
from sharing.votes.moderation import report_as_owner
from shop.customers.models import User
from shop.customers.roles import ensure_roles
from tests.access.returns import missed_box
from tests.factories.circles import circle_of, saved
from tests.factories.sharing import (
    SharedGallery,
    asked_thread,
    gallery_with_link,
    open_panel_of,
    ready_photo,
    vote_on,
)
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    SavedCardFactory,
    StaffFactory,
    StockRecordFactory,
    UserFactory,
    VariantFactory,
)
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    batch_of_one,
    delivered_trial,
    filled_box,
    handed_over,
    packed_trial,
    shipped_trial,
    undelivered,
)
from tests.sharing.referrals.friends import campaign, held_referral, joined, later, ordered
from tests.shop.orders.buying import filled_cart, mark_paid, placed_order
from tests.trials.returns.boxes_back import item_of, proposal_for_damage, scanned
from tests.trials.returns.trials_with_charges import owed_charge
from tests.trials.risk.assessed import assessed_trial
from trials.home_trials.models import Trial
from trials.programme.models import Programme
from trials.programme.services import publish_version
from trials.reports.services import report_broken
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_surplus
from trials.shipping.models import Leg
from trials.units.models import UnitCount
from trials.units.services.counting import finish_count, start_count
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
Paths = Callable[[], list[str]]


@pytest.fixture
def customer() -> User:
    return UserFactory()


@pytest.fixture
def manager() -> User:
    ensure_roles()
    return ManagerFactory(is_superuser=True)


def _more_of_everything(customer: User) -> None:
    """Two more of whatever a list shows, of the customer's where she sees them."""
    for _each in range(2):
        Trial.objects.filter(user=customer).update(state="closed")
        shared = gallery_with_link(user=customer, frames=2)
        ready_photo(shared.items[0].trial_item)
        vote = vote_on(shared, comment="Yes", words={shared.items[1].pk: "And these"})
        ask = {"owner": customer, "gallery_id": shared.gallery.pk, "vote_id": vote.vote_id}
        report_as_owner(**ask)
        asked_thread()
        vote_for(user=UserFactory(), idea_id=add_idea(user=customer, title="Mirrors").pk)
        open_panel_of(customer, UserFactory())
        AddressFactory(user=customer)
        SavedCardFactory(user=customer)
        mark_paid(placed_order(StockRecordFactory(), StockRecordFactory(), user=customer))
        filled_cart(customer, StockRecordFactory())
        owed_charge()
        invite(advocate=customer, name="Jonas")
        ordered(joined(customer).friend)
        held_referral()
        later()
        _asked_for(customer, shared)
        join_waitlist(user=customer, variant_id=VariantFactory().pk)
        finish_count(count_id=_count_of_one().pk, by=UserFactory())
        assessed_trial()
        approved_trial()
        packed_trial()
        batch_of_one()
        handed_over()
        _more_of_returns()
        undelivered()
        publish_version(programme_slug="home")
        Programme.objects.create(slug=uuid4().hex, name="Once", active=False)
    filled_box(user=customer, frames=2)
    _more_of_circles(customer)


def _count_of_one() -> UnitCount:
    unit = TrialUnitFactory(location=uuid4().hex[:8])
    return start_count(location=unit.location, by=UserFactory())


def _asked_for(customer: User, shared: SharedGallery) -> None:
    """One more export, erasure and objection."""
    DataExport.objects.create(user=customer, file=f"exports/{uuid4().hex}.zip", state="ready")
    Erasure.objects.create(user=customer, scopes=["photos"], state="done")
    photo = ready_photo(shared.items[1].trial_item)
    object_to_photo(
        link=shared.link, photo_id=photo.pk, person_id=uuid4(), address=str(uuid4()), reason="Me"
    )


def _more_of_returns() -> None:
    """One more of what follows a return, of anybody."""
    proposal = proposal_for_damage()
    trial, by = proposal.inspection.item.trial, StaffFactory()
    told = item_of(trial, 1)
    report_broken(user=trial.user, number=trial.number, item_id=told.pk, words="A hinge")
    note_surplus(trial_id=trial.pk, by=by, words="A cloth")
    back = delivered_trial()
    lose_parcel(tracking_number=scanned(back, Leg.RETURN).tracking_number, by=by, early=True)
    missed_box()
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        scanned(shipped_trial(), Leg.OUTBOUND)


def _more_of_circles(customer: User) -> None:
    """Two more circles of hers, and what she and another saved for them and for everybody."""
    for _each in range(2):
        other = UserFactory()
        circle = circle_of(customer, other)
        for person in (customer, other):
            saved(person, circle, tags=["round", f"tag {circle.pk.hex[:8]}"], note="So light")
            saved(person, audience="public", tags=["round"])
        follow_person(follower=customer, shelf_id=other.shelf.pk)
    follow_tag(follower=customer, tag="round")


PAGES_OF_HERS = ["/frames/", "/cart/", "/checkout/", "/box/", "/box/place/", "/trials/"]
PAGES_OF_HERS += ["/galleries/", "/galleries/compare/", "/orders/", "/account/", "/account/cards/"]
PAGES_OF_HERS += [
    "/circles/",
    "/saved/",
    "/saved/news/",
    "/saved/tags/round/",
    "/ideas/",
    "/tests/",
    "/account/privacy/",
]
CONSOLE = ["", "trials/", "trials.csv", "pack/", "check-in/", "units/", "charges/", "orders/"]
CONSOLE += ["reports/", "circles/", "stylist/", "stylist/?state=all", "stylist/times/", "ideas/"]
CONSOLE += ["panels/", "objections/"]
API_OF_HERS = ["frames", "addresses", "cards", "cart", "box", "trials", "galleries", "orders"]
API_OF_HERS += ["galleries/compare", "bookmarks", "bookmarks/news", "circles", "follows"]
API_OF_HERS += ["ideas", "tests", "erasures", "exports", "objections"]
API_OF_STAFF = ["staff/trials", "staff/notes", "staff/reports", "staff/threads", "staff/ideas"]
API_OF_STAFF += ["staff/panels"]
PAGES_OF_HERS += ["/account/friends/"]
CONSOLE += ["referrals/", "programmes/", "programmes/home/"]
CONSOLE += ["proposals/", "claims/", "missed/", "broken/", "left-in-boxes/"]
API_OF_HERS += ["referrals", "credit/entries"]
API_OF_STAFF += ["staff/referrals"]
API_OF_STAFF += ["staff/panels", "staff/objections"]
API_OF_STAFF += ["staff/proposals", "staff/claims", "staff/broken-frames", "staff/things-left"]
CONSOLE += ["overdue/", "overdue/?kind=unpaid&sort=amount", "overdue.csv"]
API_OF_STAFF += ["staff/overdue", "staff/missed-boxes"]
CONSOLE += ["units/counts/", "waitlist/", "waitlist/?state=held", "waitlist/?state=ended"]
PAGES_OF_HERS += ["/waitlist/"]
API_OF_HERS += ["waitlist"]
API_OF_STAFF += ["staff/units", "staff/units/counts", "staff/waitlist"]
API_OF_STAFF += ["staff/units/to-put-back", "staff/at-the-door"]
CONSOLE += ["put-back/"]
API_OF_STAFF += ["staff/batches", "staff/manifests", "staff/programmes"]
API_OF_STAFF += ["staff/parcels", "staff/risk"]
CONSOLE += ["risk/", "disputes/"]
API_OF_STAFF += ["staff/disputes"]
CONSOLE += ["pick/", "to-ship/", "manifests/", "parcels/"]
API_OF_STAFF += ["staff/to-ship", "staff/orders"]
CONSOLE += ["orders.csv?state=paid", "orders/?state=paid"]
# Of one trial, gallery, circle and programme: tests of their rooms double their rows.
API_OF_A_TRIAL = {
    "/api/v1/trials/{number}/photos/",
    "/api/v1/trials/{number}/reports/",
    "/api/v1/trials/{number}/charges/",
    "/api/v1/trials/{number}/proposals/",
    "/api/v1/staff/trials/{number}/evidence/",
    "/api/v1/galleries/{gallery_id}/links/",
    "/api/v1/galleries/{gallery_id}/votes/",
    "/api/v1/shared/{token}/words/",
    "/api/v1/circles/{circle_id}/members/",
    "/api/v1/circles/{circle_id}/invitations/",
    "/api/v1/staff/programmes/{slug}/versions/",
    "/api/v1/staff/units/counts/{count_id}/findings/",
}


def _admin_lists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]


def _counts(asked: list[tuple[Any, str]]) -> dict[str, int]:
    counts = {}
    for client, path in asked:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200, (path, answer.status_code)
        counts[path] = len(captured)
    return counts


def test_twice_the_rows_take_no_more_queries(customer: User, manager: User) -> None:
    hers, works = Client(), Client()
    hers.force_login(customer)
    works.force_login(manager)
    hers_by_api, works_by_api = APIClient(), APIClient()
    hers_by_api.force_authenticate(customer)
    works_by_api.force_authenticate(manager)
    asked = [
        *((hers, path) for path in PAGES_OF_HERS),
        *((works, f"/console/{path}") for path in CONSOLE),
        *((works, path) for path in _admin_lists()),
        *((hers_by_api, f"/api/v1/{path}/") for path in API_OF_HERS),
        *((works_by_api, f"/api/v1/{path}/") for path in API_OF_STAFF),
    ]
    campaign()
    _more_of_everything(customer)
    # What each of the four remembers from its first call is read now.
    _counts([(hers, "/cart/"), (works, "/console/"), (works, _admin_lists()[0])])
    _counts([(hers_by_api, "/api/v1/cart/"), (works_by_api, "/api/v1/staff/trials/")])
    before = _counts(asked)
    _more_of_everything(customer)
    after = _counts(asked)

    grown = {path: (before[path], after[path]) for path in after if after[path] > before[path]}
    assert grown == {}


def test_every_list_of_the_api_is_in_the_table() -> None:
    lists = {
        path
        for path, _regex, method, view in EndpointEnumerator().get_api_endpoints()
        if method == "GET" and issubclass(view.cls, ListAPIView)
    }
    held = {f"/api/v1/{path}/" for path in (*API_OF_HERS, *API_OF_STAFF)}

    assert lists - held == API_OF_A_TRIAL
