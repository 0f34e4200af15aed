"""A small shop on which steps are tried, beside the model of it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import time_machine
from django.db import connection, transaction
from django.utils import timezone
from djmoney.money import Money
from hypothesis.stateful import RuleBasedStateMachine

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.foundation.errors import LorgnetteError
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    SavedCardFactory,
    UserFactory,
    VariantFactory,
)
from tests.factories.trials import ProgrammeVersionFactory
from tests.trials.returns.trials_with_charges import (
    broken,
)
from tests.trials.steps.amounts import Charge
from tests.trials.steps.model import Shop, Unit
from tests.trials.steps.terms import (
    DAMAGED_SHARE,
    DEPOSIT,
    FEE,
    LATE_FEE,
    LATE_RETURN,
    LATE_SHARE,
    MOST_LATE_FEE,
)
from tests.trials.steps.trial import Item
from tests.trials.steps.trial import Trial as Model
from trials.home_trials.models import Trial, TrialItem
from trials.programme.models import Mode
from trials.returns.models.charges import TrialCharge
from trials.units.models import TrialUnit
from trials.units.services.making import create_units

CUSTOMERS = 3
UNITS = (3, 1, 1)


class World(RuleBasedStateMachine):
    """Three customers, three variants of which there are four units."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.clock.start()
        ensure_roles()
        self.manager: User = ManagerFactory()
        ProgrammeVersionFactory(
            fee=Money(FEE, "EUR"),
            deposit=Money(DEPOSIT, "EUR"),
            damaged_percent=int(DAMAGED_SHARE * 100),
            late_fee=Money(LATE_FEE, "EUR"),
            late_fee_cap=Money(MOST_LATE_FEE, "EUR"),
            mode=Mode.KEEP_AND_PAY,
            extension_days=3,
            late_return_days=LATE_RETURN.days,
            late_return_percent=int(LATE_SHARE * 100),
        )
        self.users: list[User] = UserFactory.create_batch(CUSTOMERS)
        self.address = {each.pk: AddressFactory(user=each).pk for each in self.users}
        self.card = {each.pk: SavedCardFactory(user=each).pk for each in self.users}
        self.shop, self.numbers, self.events = Shop(), list[str](), 0
        self.variants: list[Variant] = VariantFactory.create_batch(len(UNITS))
        for variant, count in zip(self.variants, UNITS, strict=True):
            for unit in create_units(variant_id=variant.pk, count=count):
                self.shop.units[unit.pk] = Unit(unit.variant_id)
        self.barcodes = dict(TrialUnit.objects.values_list("pk", "barcode"))

    def teardown(self) -> None:
        try:
            assert broken() == set()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def attempt(self, legal: bool, act: Callable[[], Any], then: Callable[[Any], Any]) -> None:
        """Do something; where the model says it may not be, it is refused and changes nothing."""
        before, self.shop.now = "" if legal else rows_print(), timezone.now()
        if legal:
            then(act())
            return
        with suppress(LorgnetteError):
            # A repeat need not be refused.
            act()
        assert rows_print() == before, "done though it may not be"

    def item(self, model: Model, which: int) -> tuple[Item, TrialItem]:
        item = model.items[which % len(model.items)]
        return item, TrialItem.objects.get(pk=item.row)

    def charge_row(self, trial: Trial, item: Item | None, charge: Charge) -> TrialCharge:
        if item is None:
            return TrialCharge.objects.get(trial=trial, item=None)
        purpose = next(name for name, each in item.charges.items() if each is charge)
        return TrialCharge.objects.get(item=item.row, purpose=purpose)

    def note_days(self, trial: Trial, model: Model) -> None:
        row = Trial.objects.get(pk=trial.pk)
        model.due_at, model.charge_at, model.reminded_at = (
            row.due_at,
            row.charge_at,
            row.reminded_at,
        )


def nothing(_result: Any) -> None:
    """Nothing of the model changes."""


def rows_print() -> str:
    """Return what changes with any row that a step could write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND "
            "(tablename LIKE 'trials!_%' ESCAPE '!' OR tablename IN ('shop_payment', "
            "'shop_refund', 'shop_outboxmessage', 'shop_event', 'shop_ledgerentry'))"
        )
        parts = [
            f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t)"
            for (table,) in cursor.fetchall()
        ]
        cursor.execute(f"SELECT concat_ws('.', {', '.join(parts)})")
        (found,) = cursor.fetchone()
    return str(found)
