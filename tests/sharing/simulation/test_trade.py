"""Weeks of trade that end now, for a demo shop whose queues are not bare."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.utils import timezone

from sharing.simulation.stage import stage
from sharing.simulation.trade import TRADE, trading
from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory, VariantFactory
from tests.trials.returns.boxes_back import broken_laws
from trials.console.queries.queues import queues
from trials.home_trials.models import Trial
from trials.programme.services import publish_version
from trials.units.services.making import create_units

FEW = replace(TRADE, customers=30, trials=40, days=14, beat_hours=12)


@pytest.mark.django_db(transaction=True)
def test_weeks_of_trade_end_now_break_no_law_and_leave_the_last_day_to_be_worked(
    tmp_path: Path,
) -> None:
    now = timezone.now()
    told: list[float] = []
    with trading(FEW, until=now, stripe=tmp_path) as play:
        assert now - timezone.now() > timedelta(days=13)
        publish_version(programme_slug="eu", name="Europe", frames_per_box=5)
        variants = [VariantFactory() for _number in range(12)]
        for variant in variants:
            create_units(variant_id=variant.pk, count=6, location="A1")
        play(ops=StaffFactory(), manager=ManagerFactory(), variants=variants, told=told.append)

    assert timezone.now() >= now
    assert told[-1] == 1
    requested = Trial.objects.order_by("requested_at").values_list("requested_at", flat=True)
    assert requested[0] < now - timedelta(days=9)
    assert now - timedelta(hours=17) < requested[len(requested) - 1] <= now
    waiting = queues(timezone.now())
    assert waiting["requested"].count > 0
    assert waiting["delivered"].count > 0
    assert Trial.objects.filter(state="closed").exists()
    assert broken_laws() == []


def test_a_stage_that_is_left_leaves_jobs_to_the_workers_again(tmp_path: Path) -> None:
    before = (current_app.conf.broker_url, current_app.conf.task_always_eager)
    with stage(timezone.now(), stripe=tmp_path, files=None):
        assert current_app.conf.task_always_eager
        there = current_app.amqp.producer_pool.connections.connection.transport_cls
    after = current_app.amqp.producer_pool.connections.connection.transport_cls

    assert (there, after) == ("memory", "redis")
    assert (current_app.conf.broker_url, current_app.conf.task_always_eager) == before


@pytest.mark.django_db
def test_weeks_of_trade_are_refused_where_a_shop_has_people_and_say_what_to_do() -> None:
    ours = ManagerFactory()
    with pytest.raises(CommandError, match="make reset"):
        call_command("load_demo_shop", busy=True)

    assert list(User.objects.all()) == [ours]
