"""A card number typed into any text field is refused in kind words, and no table holds it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from sharing.ideas.services import add_idea
from sharing.votes.trust import issue_paper
from shop.customers.models import User
from tests.factories.sharing import (
    SharedGallery,
    asked_thread,
    gallery_with_link,
    open_panel_of,
    vote_on,
)
from tests.factories.shop import ManagerFactory, UserFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    delivered_trial,
    requested_trial,
)
from tests.shop.customers.test_account import ADDRESS
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.boxes_back import checked_in, item_of, proposal_for_damage, scanned
from tests.trials.returns.trials_with_charges import owed_charge
from trials.reports.services import report_broken
from trials.returns.services.damages import accept_proposal
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db

CARD = "4242 4242 4242 4242"
UNSPACED = CARD.replace(" ", "")
JSON = "application/json"
BROWSER = "b" * 32
HEADERS = {
    "Referer": "http://testserver/",
    "Idempotency-Key": "first",
    "X-Voter-Token": BROWSER,
}


@dataclass
class Sent:
    """One way to hand a text in."""

    path: str
    data: dict[str, Any]
    by: User | None = None
    json: bool = False
    put: bool = False


def _address(field: str, *, api: bool) -> Callable[[], Sent]:
    # The postal code has room for the number only without its spaces.
    filled = {**ADDRESS, field: UNSPACED if field == "postal_code" else CARD}
    path = "/api/v1/addresses/" if api else "/account/addresses/add/"
    return lambda: Sent(path, filled, UserFactory(), json=api)


def _profile() -> Sent:
    who = UserFactory()
    return Sent("/account/", {"name": CARD, "language": "en", "time_zone": "Europe/Berlin"}, who)


def _sign_up() -> Sent:
    email = f"{UNSPACED}@lorgnette.example"
    return Sent("/accounts/signup/", {"email": email, "password1": "a long enough sentence"})


def _question(*, api: bool) -> Sent:
    trial = delivered_trial()
    path = "/api/v1/galleries/" if api else "/galleries/new/"
    return Sent(path, {"trial": trial.number, "question": CARD}, trial.user, json=api)


def _stylist(*, api: bool) -> Sent:
    trial = delivered_trial()
    path = f"{'/api/v1' if api else ''}/trials/{trial.number}/stylist/"
    return Sent(path, {"text": CARD}, trial.user, json=api)


def _stylist_answers(*, api: bool) -> Sent:
    thread = asked_thread()
    data = {"text": CARD, "seen": thread.messages.get().pk}
    path = f"/api/v1/staff/threads/{thread.pk}/answer/" if api else f"/console/stylist/{thread.pk}/"
    return Sent(path, data, ManagerFactory(), json=api)


def _idea(field: str, *, api: bool) -> Sent:
    path = "/api/v1/ideas/" if api else "/ideas/new/"
    return Sent(path, {"title": "Mirrors", field: CARD}, UserFactory(), json=api)


def _idea_path(act: str, data: dict[str, Any], *, staff: bool) -> Sent:
    idea = add_idea(user=UserFactory(), title="Mirrors")
    path = f"{'/console' if staff else ''}/ideas/{idea.pk}/{act}/"
    return Sent(path, data, ManagerFactory() if staff else UserFactory())


def _feedback(*, api: bool) -> Sent:
    user = UserFactory()
    panel = open_panel_of(user)
    rated, chosen, worded = panel.questions.order_by("position")
    answers = {rated.pk: "5", chosen.pk: chosen.choices[0], worded.pk: CARD}
    path = f"/tests/{panel.pk}/frames/{panel.frames.get().frame.handle}/"
    if api:
        named = {str(key): value for key, value in answers.items()}
        return Sent(f"/api/v1{path}", {"answers": named}, user, json=True, put=True)
    return Sent(path, {f"q{key}": value for key, value in answers.items()}, user)


def _label(*, api: bool) -> Sent:
    gallery = gallery_with_link().gallery
    path = f"{'/api/v1' if api else ''}/galleries/{gallery.pk}/links/"
    return Sent(path, {"label": CARD, "channel": "link"}, gallery.owner, json=api)


def _vote(field: str, *, api: bool) -> Sent:
    shared: SharedGallery = gallery_with_link()
    favourite = shared.items[0].pk
    paper = issue_paper(
        link_id=shared.link.pk,
        gallery_id=shared.gallery.pk,
        is_personal=False,
        token=shared.token,
        browser=BROWSER,
    )
    if field == "words":
        said: dict[str, Any] = (
            {"words": {favourite: CARD}} if api else {f"comment-{favourite}": CARD}
        )
    else:
        said = {field: CARD}
    if api:
        path = f"/api/v1/shared/{shared.token}/vote/"
        said |= {"favourite": favourite, "ballot_paper": paper}
        return Sent(path, said, json=True, put=True)
    return Sent(f"/g/{shared.token}/vote/", {"favourite": favourite, "paper": paper, **said})


def _reported() -> Sent:
    shared: SharedGallery = gallery_with_link()
    vote = vote_on(shared, comment="Those!")
    path = f"/api/v1/galleries/{shared.gallery.pk}/votes/{vote.vote_id}/report/"
    return Sent(path, {"reason": CARD}, shared.gallery.owner, json=True)


def _customer_cancels() -> Sent:
    trial = requested_trial()
    return Sent(f"/api/v1/trials/{trial.number}/cancel/", {"reason": CARD}, trial.user, json=True)


def _console(act: str) -> Sent:
    trial = requested_trial()
    return Sent(f"/console/trials/{trial.number}/{act}/", {"reason": CARD}, ManagerFactory())


def _staff_cancels() -> Sent:
    path = f"/api/v1/staff/trials/{requested_trial().number}/cancel/"
    return Sent(path, {"reason": CARD}, ManagerFactory(), json=True)


def _staff_declines() -> Sent:
    path = f"/api/v1/staff/trials/{requested_trial().number}/decline/"
    return Sent(path, {"reason": CARD}, ManagerFactory(), json=True)


def _let_go(way: str) -> Sent:
    path = f"/console/charges/{owed_charge().pk}/let-go/"
    return Sent(path, {"way": way, "reason": CARD}, ManagerFactory())


def _note() -> Sent:
    trial = delivered_trial()
    unit = trial.items.get(pk=trial.items.values_list("pk", flat=True)[0]).unit
    form = {"unit": unit.barcode, "barcode": "1", "note": CARD}
    return Sent(f"/console/check-in/{trial.number}/", form, ManagerFactory())


def _corrected(*, api: bool) -> Sent:
    item = item_of(delivered_trial())
    checked_in(item)
    said = {"barcode": item.unit.barcode, "finding": "repair", "grade": "D", "reason": CARD}
    if api:
        path = f"/api/v1/staff/trials/{item.trial.number}/correct-verdict/"
        return Sent(path, said, ManagerFactory(), json=True)
    path = f"/console/trials/{item.trial.number}/items/{item.pk}/verdict/"
    return Sent(path, {"verdict": "4", "reason": CARD}, ManagerFactory())


def _damage(data: dict[str, str]) -> Sent:
    path = f"/console/proposals/{proposal_for_damage().pk}/"
    return Sent(path, {**data, "reason": CARD}, ManagerFactory())


def _objection() -> Sent:
    proposal = proposal_for_damage()
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())
    user = proposal.inspection.item.trial.user
    return Sent(f"/proposals/{proposal.pk}/object/", {"words": CARD}, user)


def _broken() -> Sent:
    trial = delivered_trial()
    path = f"/trials/{trial.number}/items/{item_of(trial).pk}/broken/"
    return Sent(path, {"words": CARD}, trial.user)


def _broken_answered() -> Sent:
    trial = delivered_trial()
    told = report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial).pk, words="A hinge"
    )
    return Sent(
        f"/console/broken/{told.pk}/", {"decision": "accepted", "answer": CARD}, ManagerFactory()
    )


def _in_a_box(kind: str) -> Sent:
    path = f"/console/check-in/{delivered_trial().number}/note/"
    return Sent(path, {"kind": kind, "words": CARD}, ManagerFactory())


def _given_up() -> Sent:
    number = scanned(delivered_trial(), Leg.RETURN).tracking_number
    return Sent(f"/console/parcels/{number}/lose/", {"reason": CARD}, ManagerFactory())


def _claim(data: dict[str, str]) -> Sent:
    boss = ManagerFactory()
    number = scanned(delivered_trial(), Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=boss, early=True)
    return Sent(f"/console/claims/{claim}/", data, boss)


def _order(*, api: bool) -> Sent:
    room = "api/v1/staff" if api else "console"
    path = f"/{room}/orders/{placed_order().number}/cancel/"
    return Sent(path, {"reason": CARD}, ManagerFactory(), json=api)


def _order_refund(*, api: bool) -> Sent:
    room = "api/v1/staff" if api else "console"
    path = f"/{room}/orders/{mark_paid(placed_order()).number}/refund/"
    data = {"amount": "1", "given_back": "0", "currency": "EUR", "reason": CARD}
    return Sent(path, data, ManagerFactory(), json=api)


def _admin_name() -> Sent:
    user = UserFactory()
    form = {"email": user.email, "name": CARD, "language": "en", "time_zone": "Europe/Berlin"}
    boss = ManagerFactory(is_superuser=True)
    return Sent(f"/admin/shop/user/{user.pk}/change/", form, boss)


def _admin_shelf() -> Sent:
    unit = TrialUnitFactory()
    boss = ManagerFactory(is_superuser=True)
    return Sent(f"/admin/trials/trialunit/{unit.pk}/change/", {"location": UNSPACED}, boss)


LINES = ["name", "line1", "line2", "postal_code", "city", "phone"]
DOORS: dict[str, Callable[[], Sent]] = {
    **{f"address page, {line}": _address(line, api=False) for line in LINES},
    **{f"address API, {line}": _address(line, api=True) for line in LINES},
    "account name": _profile,
    "sign-up": _sign_up,
    "question": lambda: _question(api=False),
    "question API": lambda: _question(api=True),
    "stylist": lambda: _stylist(api=False),
    "stylist API": lambda: _stylist(api=True),
    "stylist answers": lambda: _stylist_answers(api=False),
    "stylist answers API": lambda: _stylist_answers(api=True),
    "idea title": lambda: _idea("title", api=False),
    "idea text API": lambda: _idea("text", api=True),
    "idea reported": lambda: _idea_path("report", {"reason": CARD}, staff=False),
    "idea answered": lambda: _idea_path(
        "answer", {"state": "planned", "seen": "proposed", "text": CARD}, staff=True
    ),
    "feedback": lambda: _feedback(api=False),
    "feedback API": lambda: _feedback(api=True),
    "link label": lambda: _label(api=False),
    "link label API": lambda: _label(api=True),
    "vote comment": lambda: _vote("comment", api=False),
    "vote comment API": lambda: _vote("comment", api=True),
    "vote name": lambda: _vote("name", api=False),
    "vote name API": lambda: _vote("name", api=True),
    "words on a frame": lambda: _vote("words", api=False),
    "words on a frame API": lambda: _vote("words", api=True),
    "report of words": _reported,
    "customer cancels": _customer_cancels,
    "console declines": lambda: _console("decline"),
    "console cancels": lambda: _console("cancel"),
    "staff API cancels": _staff_cancels,
    "staff API declines": _staff_declines,
    "charge waived": lambda: _let_go("waive"),
    "charge written off": lambda: _let_go("write_off"),
    "check-in note": _note,
    "verdict corrected": lambda: _corrected(api=False),
    "verdict corrected API": lambda: _corrected(api=True),
    "damage waived": lambda: _damage({"way": "waive"}),
    "damage changed": lambda: _damage({"way": "change", "amount": "1.00"}),
    "damage objected to": _objection,
    "broken frame": _broken,
    "broken frame answered": _broken_answered,
    "thing in a box": lambda: _in_a_box("surplus"),
    "empty box": lambda: _in_a_box("empty"),
    "parcel given up": _given_up,
    "claim filed": lambda: _claim({"way": "file", "reference": CARD}),
    "claim withdrawn": lambda: _claim({"way": "withdraw", "reason": CARD}),
    "order cancelled": lambda: _order(api=False),
    "order cancelled API": lambda: _order(api=True),
    "order refunded": lambda: _order_refund(api=False),
    "order refunded API": lambda: _order_refund(api=True),
    "user in the admin": _admin_name,
    "shelf in the admin": _admin_shelf,
}


@pytest.mark.parametrize("door", DOORS)
def test_a_card_number_is_refused_with_kind_words_and_stored_nowhere(
    door: str, client: Client
) -> None:
    sent = DOORS[door]()
    if sent.by:
        client.force_login(sent.by)
    extra = {"content_type": JSON} if sent.json else {}
    hand_in = client.put if sent.put else client.post
    client.cookies["lorgnette_friend"] = BROWSER
    answer = hand_in(sent.path, sent.data, headers=HEADERS, follow=True, **extra)

    assert answer.status_code < 500
    assert "looks like a card number" in answer.content.decode()
    assert list(_where_kept()) == []


def test_a_carriers_words_are_kept_without_the_number(client: Client) -> None:
    trial, boss = approved_trial(), ManagerFactory()
    outbound = create_labels(trial_id=trial.pk, by=boss)[0]
    client.force_login(boss)
    answer = client.post(
        f"/api/v1/staff/shipments/{outbound.tracking_number}/events/",
        {
            "event_id": "scan-1",
            "status": "in_transit",
            "occurred_at": timezone.now().isoformat(),
            "description": f"Left at {CARD}",
        },
        content_type=JSON,
    )

    assert answer.status_code == 200
    assert outbound.tracking.get().description == "Left at [card number]"
    assert list(_where_kept()) == []


def _where_kept() -> Iterator[str]:
    """Yield each table and column in which the number stands."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model._base_manager.values_list(field.name, flat=True)
                if any(UNSPACED in str(value).replace(" ", "") for value in values):
                    yield f"{model._meta.label}.{field.name}"
