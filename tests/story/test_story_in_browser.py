"""The whole story once, as customer, friend, ops and manager, in real browsers."""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.story import carrier, customer, friend, manager, ops
from tests.story.customer import Customer
from tests.story.friend import Friend
from tests.story.mail import subjects
from tests.story.manager import Manager
from tests.story.ops import Ops
from tests.story.running import ROOT, DemoShop, RunningShop, running_shop
from tests.story.stage import DESK, Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("story")]
FRIENDS_SECONDS = 20


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, demo: DemoShop) -> Iterator[RunningShop]:
    folder = tmp_path_factory.mktemp("story")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARRIER_WEBHOOK_SECRET", carrier.SECRET)
        shop = running_shop(folder, demo=demo, name="story_in_browser", redis_database=11)
        with shop as running:
            yield running


@pytest.fixture(scope="module")
def scene() -> Iterator[Stage]:
    album = os.environ.get("SCREENSHOTS")
    with stage(ROOT / album if album else None) as opened:
        yield opened


def test_the_whole_story_from_catalogue_to_counted_vote(shop: RunningShop, scene: Stage) -> None:
    nora = Customer(page=scene.person(), stage=scene, url=shop.url)
    ola = Ops(page=scene.person(DESK), stage=scene, url=shop.url)

    customer.finds_frames(nora)
    customer.fills_her_box(nora)
    customer.signs_up_and_asks_for_it(nora)

    ops.logs_in(ola.page, shop.url, ops.EMAIL, ops.PASSWORD)
    ops.approves(ola, nora.trial)
    ops.packs(ola, nora.trial, stray=_unit_of_nobody(shop))
    ops.ships(ola, nora.trial)
    for status in ("in_transit", "delivered"):
        carrier.reports(shop.url, tracking_number=ola.parcels[0], status=status)
    assert _days_at_home(shop, nora.trial) == 5

    customer.unpacks(nora)
    customer.adds_photos(nora)
    customer.asks_her_friends(nora)

    jule = Friend(page=scene.person(), stage=scene, link=nora.link)
    friend.sees_the_card_in_the_chat(nora.link)
    began = time.monotonic()
    friend.votes(jule, comment="Clara makes your eyes shine!", name="Jule")
    assert time.monotonic() - began < FRIENDS_SECONDS
    customer.sees_votes(nora, votes="1 friend has voted", says="Clara makes your eyes shine!")
    friend.changes_her_mind(jule)
    emil = Friend(page=scene.person(locale="de-DE"), stage=scene, link=nora.link)
    friend.votes_in_german(emil, comment="Die runde steht dir am besten.", name="Emil")
    customer.sees_votes(nora, votes="2 friends have voted", says="Die runde steht dir am besten.")
    friend.buys_a_pair_herself(jule)

    customer.buys_the_favourite(nora)

    for status in ("in_transit", "delivered"):
        carrier.reports(shop.url, tracking_number=ola.parcels[1], status=status)
    ops.checks_in(ola, nora.trial, missing="Thea, Rose Crystal")
    _let_the_days_at_home_pass(shop, nora.trial)
    scene.until(lambda: _reminded(shop, nora.trial), "the customer reminded")
    _let_the_days_of_grace_pass(shop, nora.trial)
    scene.until(
        lambda: _state_of(shop, nora.trial) == "closed",
        "the missing frame charged, the trial closed",
    )
    ops.sees_it_closed(ola, nora.trial)
    customer.reads_how_it_ended(nora)
    mail = shop.folder / "media" / "mail"
    # The last are sent by the worker once what they tell of is booked.
    scene.until(lambda: not _unwritten(subjects(mail, customer.EMAIL), nora), "all mail written")

    assert "invariants hold" in shop.manage("audit")
    _let_a_month_pass(shop)
    manager.reads_the_scorecard(Manager(page=scene.person(DESK), stage=scene, url=shop.url))
    manager.looks_again_on_the_way_home(Manager(page=scene.person(), stage=scene, url=shop.url))
    assert "DIFFERS" not in shop.manage("recount_scorecard")
    assert scene.troubles == []


def _unwritten(written: list[str], nora: Customer) -> list[str]:
    """Return what none of the mails says by its subject."""
    # At night nobody is written to of a vote; that it goes out in the morning has tests of its own.
    by_day = 9 <= datetime.now(ZoneInfo("Europe/Berlin")).hour < 21
    awaited = (
        f"We have your request for try-on box {nora.trial}",
        f"Your try-on box {nora.trial} is on its way",
        "Your frames are home",
        *(["The first friend has voted"] if by_day else []),
        f"order {nora.order} is paid",
        f"Not all was in your try-on box {nora.trial}",
        "Thea, Rose Crystal is yours: we have charged your card",
    )
    return [words for words in awaited if not any(words in subject for subject in written)]


def _unit_of_nobody(shop: RunningShop) -> str:
    [[barcode]] = shop.execute(
        "SELECT min(barcode) FROM trials_trialunit WHERE state = 'available'"
    )
    return str(barcode)


def _state_of(shop: RunningShop, trial: str) -> str:
    [[state]] = shop.execute("SELECT state FROM trials_trial WHERE number = %s", trial)
    return str(state)


def _days_at_home(shop: RunningShop, trial: str) -> int:
    """Count the days from the carrier's word to the end of the last one, in her own zone."""
    [[days]] = shop.execute(
        "SELECT date(due_at AT TIME ZONE 'Europe/Berlin')"
        " - date(delivered_at AT TIME ZONE 'Europe/Berlin') FROM trials_trial WHERE number = %s",
        trial,
    )
    return int(str(days))


def _let_the_days_at_home_pass(shop: RunningShop, trial: str) -> None:
    shop.execute(
        "UPDATE trials_trial SET due_at = now() - interval '1 minute',"
        " charge_at = now() + interval '3 days' WHERE number = %s",
        trial,
    )


def _reminded(shop: RunningShop, trial: str) -> bool:
    [[at]] = shop.execute("SELECT reminded_at FROM trials_trial WHERE number = %s", trial)
    return at is not None


def _let_the_days_of_grace_pass(shop: RunningShop, trial: str) -> None:
    shop.execute(
        "UPDATE trials_trial SET due_at = now() - interval '4 days',"
        " charge_at = now() - interval '1 minute',"
        " reminded_at = reminded_at - interval '4 days' WHERE number = %s",
        trial,
    )


def _let_a_month_pass(shop: RunningShop) -> None:
    """Move all that happened back by 31 days, when the trial counts among those old enough.

    Nothing may change an event, so that law is lifted first; the audit has been by then.
    """
    shop.execute("DROP TRIGGER append_only ON shop_event")
    for table in ("shop_event", "shop_eventkey"):
        shop.execute(f"UPDATE {table} SET occurred_at = occurred_at - interval '31 days'")
