"""Making the people: by the services of the shop, days ago, so that one thing is due to each now.

The clock is turned back while they are made. What follows of that at once, such as the mail that a
box was delivered, is carried out meanwhile; only what is due now is left.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import stripe
import time_machine
from django.conf import settings
from django.utils import timezone
from djmoney.money import Money

from sharing.galleries.services import change_settings, create_frames_gallery
from sharing.votes.owner_news import tell_further_votes
from shop.analytics.partitions import ensure_partitions
from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.outbox import carry_out_due
from shop.holds.models import Hold
from shop.payments.models import SavedCard
from shop.payments.services.cards import stripe_customer
from tests.factories.sharing import SharedGallery, vote_on, with_link
from tests.factories.shop import AddressFactory, ManagerFactory, VariantFactory
from tests.factories.trials import filled_box
from tests.soak.due.kinds import address
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, place_trial
from trials.programme.models import Mode
from trials.programme.services import publish_version
from trials.reports.services import keep_frame
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.damages import accept_proposal
from trials.returns.services.reminding import remind
from trials.units.models import Grade
from trials.units.services.making import create_units
from trials.units.services.tending import put_back_on_shelf, send_to_repair
from trials.units.services.waiting import join_waitlist

VISA, FAILS, CONFIRMS = (
    "pm_card_visa",
    "pm_card_chargeCustomerFail",
    "pm_card_authenticationRequired",
)
EARLIEST = timedelta(days=40)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Terms of trials by the country they go to; each asks for nothing but what is tried there.
QUIET: dict[str, Any] = {"days_at_home": 5, "grace_days": 3, "reminder_days": []}
TERMS: dict[str, dict[str, Any]] = {
    "DE": {"days_at_home": 5, "grace_days": 3, "reminder_days": [1, 3, 5]},
    "AT": QUIET,
    "NL": {**QUIET, "mode": Mode.KEEP_AND_PAY},
    "BE": {**QUIET, "late_fee": Money(2, "EUR"), "late_fee_cap": Money(10, "EUR")},
    "FR": {**QUIET, "damaged_percent": 40},
    "LU": {**QUIET, "days_at_home": 20, "hold": Money(200, "EUR")},
    "DK": {**QUIET, "days_at_home": 1, "grace_days": 0, "hold": Money(200, "EUR")},
    "IE": {**QUIET, "fee": Money(5, "EUR")},
}


class People:
    """Makes people of every kind.

    Attributes:
        now: when things are due.
        zone: where it is about noon now: nobody's mails have to wait for the morning.
    """

    def __init__(self) -> None:
        self.now = timezone.now()
        ahead = 12 - self.now.hour
        self.zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
        self.manager: User = ManagerFactory()
        with self.at(EARLIEST):
            ensure_partitions()
            for country, terms in TERMS.items():
                publish_version(programme_slug=f"soak-{country}", countries=(country,), **terms)
        ensure_partitions()
        self.last: list[Callable[[], Any]] = []
        self.makers: dict[str, Callable[[User], Any]] = {
            "first-day": lambda user: self.at_home(user, "DE", days=1),
            "third-day": lambda user: self.at_home(user, "DE", days=3),
            "last-day": lambda user: self.at_home(user, "DE", days=5),
            "overdue": lambda user: self.at_home(user, "AT", days=6),
            "missing": lambda user: self.reminded(user, "AT"),
            "missing-all": lambda user: self.reminded(user, "AT", frames=3),
            "refused": lambda user: self.reminded(user, "AT", card=FAILS),
            "confirm": lambda user: self.reminded(user, "AT", card=CONFIRMS),
            "refused-again": self.refused_before,
            "paid-later": lambda user: self.refused_before(user, then=VISA),
            "kept": self.keeps,
            "late": self.comes_back_late,
            "damaged": self.damaged,
            "held": self.held,
            "held-no-more": lambda user: self.held(user, then=FAILS),
            "taken": lambda user: self.reminded(user, "DK", days=4),
            "unpaid": self.unpaid,
            "next-in-line": self.next_in_line,
            "voting-ends": lambda user: self.voting(user, ends=12 * HOUR),
            "voting-over": lambda user: self.voting(user, ends=-HOUR),
            "voted-at-night": self.voted_at_night,
            "votes-of-a-day": self.votes_of_a_day,
        }

    def make(self, kind: str, number: int) -> None:
        """Make one person, to whom a thing of this kind is due."""
        self.makers[kind](self.person(address(kind, number)))

    def finish(self) -> None:
        """Carry out all that is left of the making, and do what is to be done now alone."""
        carry_out()
        for act in self.last:
            act()

    def at(self, ago: timedelta) -> time_machine.travel:
        """Turn the clock back by so much."""
        return time_machine.travel(self.now - ago)

    def person(self, email: str) -> User:
        with self.at(EARLIEST):
            user = User(email=email, name=email.partition("@")[0], time_zone=self.zone)
            user.set_unusable_password()
            user.save()
            return user

    # Trials.

    def placed(self, user: User, country: str, *, card: str = VISA, frames: int = 1) -> Trial:
        variants: list[Variant] = [VariantFactory() for _each in range(frames)]
        for variant in variants:
            create_units(variant_id=variant.pk, count=1)
        return place_trial(
            user=user,
            box_id=filled_box(user=user, variants=variants).pk,
            address_id=AddressFactory(user=user, country=country).pk,
            card_id=keep_card(user, card).pk,
        )

    def at_home(
        self, user: User, country: str, *, days: int, card: str = VISA, frames: int = 1
    ) -> Trial:
        """Return a trial of one frame or more, at home since so many days."""
        with self.at((days + 2) * DAY):
            trial = self.placed(user, country, card=card, frames=frames)
            approve_trial(trial_id=trial.pk, by=self.manager)
            # An amount that is to be held must be, before the box leaves.
            carry_out()
            for barcode in trial.items.values_list("unit__barcode", flat=True):
                pack_unit(trial_id=trial.pk, barcode=barcode, by=self.manager)
            finish_packing(trial_id=trial.pk, by=self.manager)
            mark_shipped(trial_id=trial.pk, by=self.manager)
        with self.at(days * DAY):
            mark_delivered(trial_id=trial.pk, at=timezone.now())
            carry_out()
        return Trial.objects.get(pk=trial.pk)

    def reminded(
        self, user: User, country: str, *, days: int = 20, card: str = VISA, frames: int = 1
    ) -> Trial:
        """Return a trial whose days of grace are over, its customer reminded in time."""
        trial = self.at_home(user, country, days=days, card=card, frames=frames)
        terms = TERMS[country]
        with self.at((days - terms["days_at_home"] - 1) * DAY):
            assert remind(trial_id=trial.pk)
            carry_out()
        return trial

    def refused_before(self, user: User, *, then: str = FAILS) -> None:
        trial = self.reminded(user, "AT", card=FAILS)
        with self.at(2 * DAY):
            charge_unreturned(trial_id=trial.pk)
            carry_out()
        change_card(trial.card, then)

    def keeps(self, user: User) -> None:
        trial = self.at_home(user, "NL", days=7)
        with self.at(6 * DAY):
            keep_frame(user=user, number=trial.number, item_id=trial.items.get().pk)
            carry_out()

    def comes_back_late(self, user: User) -> None:
        trial = self.reminded(user, "BE")
        # Not carried out any more: the charge waits in the outbox.
        self.last.append(lambda: self.check_in(trial, Finding.GOOD, Grade.A))

    def damaged(self, user: User) -> None:
        trial = self.at_home(user, "FR", days=20)
        with self.at(16 * DAY):
            self.check_in(trial, Finding.DAMAGED, Grade.D)
            proposal = ChargeProposal.objects.get(inspection__item__trial=trial)
            accept_proposal(proposal_id=proposal.pk, by=self.manager)
            carry_out()

    def check_in(self, trial: Trial, finding: Finding, grade: Grade) -> None:
        barcode = trial.items.get().unit.barcode
        check_in_unit(
            trial_id=trial.pk, barcode=barcode, finding=finding, grade=grade, by=self.manager
        )
        finish_check_in(trial_id=trial.pk, by=self.manager)

    def held(self, user: User, *, then: str = "") -> None:
        trial = self.at_home(user, "LU", days=3)
        if then:
            change_card(trial.card, then)
        # The bank's clock cannot be turned back.
        lapsing = Hold.objects.filter(reference=trial.number)
        assert lapsing.update(capture_before=self.now + 20 * HOUR) == 1

    def unpaid(self, user: User) -> None:
        with self.at(3 * HOUR):
            self.placed(user, "IE")
            carry_out()

    def next_in_line(self, user: User) -> None:
        """One who waited before her had two days to take it, and did not."""
        first = self.person(f"first-of-{user.email}")
        variant: Variant = VariantFactory()
        with self.at(6 * DAY):
            (unit,) = create_units(variant_id=variant.pk, count=1)
            send_to_repair(unit_id=unit.pk, by=self.manager)
            join_waitlist(user=first, variant_id=variant.pk)
            join_waitlist(user=user, variant_id=variant.pk)
        with self.at(4 * DAY):
            put_back_on_shelf(unit_id=unit.pk, grade=Grade.A, by=self.manager)
            carry_out()

    # Galleries.

    def gallery(self, user: User) -> SharedGallery:
        frames = list(Variant.objects.filter(active=True, frame__published=True)[:2])
        made = create_frames_gallery(owner=user, variant_ids=[each.pk for each in frames])
        return with_link(made)

    def voting(self, user: User, *, ends: timedelta) -> None:
        with self.at(3 * DAY):
            shared = self.gallery(user)
            change_settings(owner=user, gallery_id=shared.gallery.pk, closes_at=self.now + ends)
        with self.at(2 * DAY):
            vote_on(shared)
            carry_out()

    def last_night(self, hour: time) -> timedelta:
        """Return how long ago it was so late yesterday, where these people live."""
        zone = User(time_zone=self.zone).zone
        yesterday = (self.now - DAY).astimezone(zone).date()
        return self.now - datetime.combine(yesterday, hour, tzinfo=zone)

    def voted_at_night(self, user: User) -> None:
        with self.at(2 * DAY):
            shared = self.gallery(user)
            carry_out()
        with self.at(self.last_night(time(23))):
            vote_on(shared)
            carry_out()

    def votes_of_a_day(self, user: User) -> None:
        with self.at(3 * DAY):
            shared = self.gallery(user)
            vote_on(shared)
            carry_out()
        with self.at(self.last_night(time(15))):
            vote_on(shared)
            vote_on(shared)
        with self.at(self.last_night(time(15, 30))):
            tell_further_votes()


def carry_out() -> None:
    """Carry out whatever the outbox holds that is due."""
    while carry_out_due(limit=1000):
        pass


def bank() -> stripe.StripeClient:
    """Return a client of the sandbox."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY, base_addresses={"api": settings.STRIPE_API_BASE}
    )


def keep_card(user: User, method: str) -> SavedCard:
    attached = bank().v1.payment_methods.attach(method, {"customer": stripe_customer(user)})
    return SavedCard.objects.create(
        user=user,
        stripe_payment_method_id=attached.id,
        brand="visa",
        last4="4242",
        exp_month=12,
        exp_year=2040,
        fingerprint=f"soak-{user.pk}",
    )


def change_card(card: SavedCard, method: str) -> None:
    """Let a kept card behave otherwise from now on, as when its account is full or empty."""
    attached = bank().v1.payment_methods.attach(method, {"customer": stripe_customer(card.user)})
    SavedCard.objects.filter(pk=card.pk).update(stripe_payment_method_id=attached.id)
