"""Staff swap a frame of a trial as its customer wishes, from the trial's page and by API."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.messages.models import MessageItem
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, packed_trial, requested_trial
from trials.fulfilment.services.batching import make_batch
from trials.home_trials.models import Trial, TrialItem
from trials.risk.models import Outcome, RiskRule, RuleKind
from trials.swaps.models import FrameSwap
from trials.swaps.services import swap_frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Client:
    """Return the browser of somebody of ops."""
    client.force_login(StaffFactory(name="Bo Ops"))
    return client


def _first(trial: Trial) -> TrialItem:
    item = trial.items.order_by("variant_id").first()
    assert item is not None
    return item


def _page(trial: Trial) -> str:
    return reverse("console:trial", args=[trial.number])


def _swap_page(trial: Trial, item: TrialItem | None = None) -> str:
    return reverse("console:trial_swap", args=[trial.number, (item or _first(trial)).pk])


@pytest.mark.parametrize("made", [requested_trial, approved_trial])
def test_a_frame_is_swapped_from_the_trials_page_and_its_history_says_by_whom(
    bo: Client, made: object
) -> None:
    trial, new = made(), TrialUnitFactory(variant__frame__name="Halcyon")  # type: ignore[operator]
    item = _first(trial)
    assert _swap_page(trial) in bo.get(_page(trial)).content.decode()
    choices = bo.get(_swap_page(trial)).content.decode()
    assert "Halcyon" in choices
    assert f'name="instead_of" value="{item.variant_id}"' in choices

    sent = {"variant": new.variant_id, "instead_of": item.variant_id}
    answer = bo.post(_swap_page(trial), sent, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(_page(trial), 302)]
    assert f"{new.variant} goes out instead of {item.variant}; the customer was told." in page
    assert "Frame swapped" in page
    assert f"{new.variant} instead of {item.variant}" in page
    swap = FrameSwap.objects.get()
    assert (swap.item_id, swap.variant_after_id, swap.by.name) == (
        item.pk,
        new.variant_id,
        "Bo Ops",
    )
    shown = page[page.index("Frame swapped") :]
    assert "Bo Ops" in shown[: shown.index("</li>")]


def test_the_customer_is_mailed_what_staff_swapped_for_her_and_not_what_she_swaps(
    bo: Client,
) -> None:
    trial = requested_trial()
    mails = MessageItem.objects.filter(template="trial_frame_swapped", about=str(trial.pk))
    item, hers = _first(trial), TrialUnitFactory().variant_id
    swap_frame(trial_id=trial.pk, item_id=item.pk, variant_id=hers, by=trial.user)
    assert not mails.exists()

    for name in ("Halcyon", "Meridian"):
        unit = TrialUnitFactory(variant__frame__name=name)
        assert bo.post(_swap_page(trial, item), {"variant": unit.variant_id}).status_code == 302

    assert mails.filter(user=trial.user).count() == 2
    assert "Mail: A frame was swapped" in bo.get(_page(trial)).content.decode()


def test_her_own_page_tells_of_it_without_the_name_of_staff(bo: Client) -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    bo.post(_swap_page(trial), {"variant": new.variant_id})
    bo.force_login(trial.user)

    page = bo.get(reverse("trials:trial", args=[trial.number])).content.decode()

    assert "Frame swapped" in page
    assert "Bo Ops" not in page


def test_what_was_swapped_meanwhile_is_not_swapped_once_more_and_the_page_comes_back(
    bo: Client,
) -> None:
    trial, new, later = requested_trial(), TrialUnitFactory(), TrialUnitFactory()
    item = _first(trial)
    swap_frame(trial_id=trial.pk, item_id=item.pk, variant_id=new.variant_id, by=trial.user)

    here = _swap_page(trial, item)
    answer = bo.post(
        here,
        {"variant": later.variant_id, "instead_of": item.variant_id},
        headers={"referer": f"http://testserver{here}"},
        follow=True,
    )

    assert f"{new.variant} is in its place by now. Look at the box" in answer.content.decode()
    assert FrameSwap.objects.count() == 1


def test_a_box_that_is_picked_or_packed_is_swapped_no_more_and_says_so(bo: Client) -> None:
    picked, new = approved_trial(), TrialUnitFactory()
    make_batch(count=1, by=StaffFactory())
    words = {picked: "The box is on a pick list", packed_trial(): "The box is packed."}
    for trial, why in words.items():
        assert _swap_page(trial) not in bo.get(_page(trial)).content.decode()
        for answer in (
            bo.get(_swap_page(trial), follow=True),
            bo.post(_swap_page(trial), {"variant": new.variant_id}, follow=True),
        ):
            assert answer.redirect_chain == [(_page(trial), 302)]
            assert why in answer.content.decode()
    assert not FrameSwap.objects.exists()
    assert bo.get(_swap_page(picked, _first(requested_trial()))).status_code == 404


def test_a_form_without_a_frame_is_refused_and_customers_have_no_such_page(bo: Client) -> None:
    trial = requested_trial()
    assert bo.post(_swap_page(trial), {"variant": "x"}).status_code == 422
    bo.force_login(trial.user)
    assert bo.get(_swap_page(trial)).status_code == 404
    bo.force_login(UserFactory())
    assert bo.post(_swap_page(trial), {"variant": "1"}).status_code == 404


def test_what_is_free_is_searched_and_what_is_in_the_box_not_offered(bo: Client) -> None:
    trial = requested_trial()
    inside = [str(item.variant.sku) for item in trial.items.all()]
    units = [TrialUnitFactory() for _each in range(2)]

    page = bo.get(_swap_page(trial)).content.decode()

    assert all(unit.variant.sku in page for unit in units)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert not any(sku in table for sku in inside)
    assert "No free frame matches" in bo.get(_swap_page(trial), {"q": "Nowhere"}).content.decode()


def test_the_pages_cost_the_same_however_much_is_free_or_was_swapped(bo: Client) -> None:
    trial = requested_trial()
    taken = []
    for _each in range(2):
        for _unit in range(4):
            TrialUnitFactory()
        free = TrialUnitFactory()
        bo.post(_swap_page(trial), {"variant": free.variant_id})
        for url in (_swap_page(trial), _page(trial)):
            bo.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert bo.get(url).status_code == 200
            taken.append(len(captured))
    assert taken[:2] == taken[2:]


def test_staff_swap_for_her_what_a_rule_on_its_worth_would_refuse_her_by_api_as_by_page(
    bo: Client,
) -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    RiskRule.objects.filter(kind=RuleKind.BOX_VALUE).update(
        active=True, threshold=1, outcome=Outcome.DECLINE
    )
    url = reverse("api-staff-frame-swap", args=[trial.number, _first(trial).pk])

    answer = bo.post(
        url,
        {"variant_id": new.variant_id},
        content_type="application/json",
        headers={"idempotency-key": "1"},
    )

    assert answer.status_code == 201
    assert MessageItem.objects.filter(template="trial_frame_swapped").count() == 1
