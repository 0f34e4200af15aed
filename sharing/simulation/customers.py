"""Customers: they come, keep a card, fill a box, try on, send back or do not, and buy."""

import uuid
from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress

from sharing.referrals.services.claiming import claim_code
from sharing.referrals.services.codes import code_for
from sharing.simulation import carriers, friends
from sharing.simulation.people import name_of
from sharing.simulation.stage import confirm_card
from sharing.simulation.world import Seen, World
from shop.customers.models import Address, User
from shop.customers.services import add_address
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import PURPOSE, place_order
from shop.payments.models import SavedCard
from shop.payments.queries import payment_for
from shop.payments.services.cards import finish_card_setup, start_card_setup
from shop.payments.services.charges import pay_with_card
from trials.at_home.services.extending import extend_trial
from trials.home_trials.models import Trial
from trials.home_trials.queries import open_trials
from trials.home_trials.services.boxes import add_to_box, box_for
from trials.home_trials.services.requests import cancel_trial, place_trial
from trials.home_trials.states import NOT_LEFT
from trials.reports.services import tell_sent_back
from trials.swaps.services import swap_frame
from trials.units.models import WaitlistEntry
from trials.units.services.waiting import join_waitlist
from trials.units.states import WaitState

GOOD_CARDS = ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
# Each can be kept and fails when its owner is away: for good, for want of money, for want of her.
BAD_CARDS = (
    "pm_card_chargeCustomerFail",
    "pm_card_authenticationRequired",
    "pm_card_radarBlock",
)
# Where her bank would send her back to; nobody goes there.
BACK = "http://127.0.0.1/"
# Who is turned away asks again after so many days.
ASKS_AGAIN_DAYS = (2, 9)
# No longer than anybody who waits takes until she looks.
SEES_EVERY = timedelta(hours=6)
# Nobody asks any more when so little is left that her box might not be back in the end.
LEFT_FOR_A_TRIAL = timedelta(days=90)
# With how their postal codes begin.
TOWNS = (("10", "Berlin"), ("80", "München"), ("20", "Hamburg"), ("50", "Köln"))


def come(world: World) -> None:
    """Somebody asks for a box: a new customer, or one who was here before."""
    user = _who(world)
    wanted = world.chance.choices(
        world.variants,
        weights=range(len(world.variants), 0, -1),
        k=world.chance.randint(1, world.plan.frames_a_box),
    )
    if not _ask_for(world, user, [variant.pk for variant in dict.fromkeys(wanted)]):
        world.counts["turned away"] += 1
        wait = timedelta(days=world.chance.uniform(*ASKS_AGAIN_DAYS))
        if _asks_again(world, wait):
            world.diary.after(wait, come, world)


def _asks_again(world: World, wait: timedelta) -> bool:
    """Tell whether who got no box asks again: until as many were granted as were planned."""
    too_late = world.diary.now + wait >= world.end - LEFT_FOR_A_TRIAL
    return _seen(world).granted < world.plan.trials and not too_late


def _ask_for(world: World, user: User, variant_ids: list[int]) -> bool:
    """Have a customer fill her box and ask for it; tell whether she gets it."""
    address, card = _address(user), _card(user)
    box = box_for(user=user)
    for variant_id in variant_ids:
        wish = partial(add_to_box, box_id=box.pk, variant_id=variant_id)
        if world.attempt(wish) is None and world.happens(world.plan.waits_for_a_frame):
            _wait_for(world, user, variant_id)
    trial = world.attempt(
        lambda: place_trial(user=user, box_id=box.pk, address_id=address.pk, card_id=card.pk)
    )
    if trial is None:
        box.items.all().delete()
        return False
    world.counts["trials placed"] += 1
    if world.happens(world.plan.swaps):
        wait = timedelta(hours=world.chance.uniform(0.1, 20))
        world.diary.after(wait, swap, world, trial.pk)
    if world.happens(world.plan.cancels):
        wait = timedelta(hours=world.chance.uniform(0.1, 30))
        world.diary.after(wait, change_mind, world, trial.pk)
    return True


def _wait_for(world: World, user: User, variant_id: int) -> None:
    entry = world.attempt(lambda: join_waitlist(user=user, variant_id=variant_id))
    if entry is not None:
        world.counts["waits for a frame"] += 1
        world.diary.after(timedelta(days=1), look_whether_held, world, entry.pk)


def look_whether_held(world: World, entry_id: uuid.UUID) -> None:
    """A customer who waits asks for the frame once it is held for her, if she has no box out."""
    state, day = _seen(world).waits.get(entry_id), timedelta(days=1)
    if state == WaitState.HELD and _asks_for_held(world, entry_id):
        world.counts["boxes asked for after a wait"] += 1
    elif state is not None and _asks_again(world, day):
        world.diary.after(day, look_whether_held, world, entry_id)


def _asks_for_held(world: World, entry_id: uuid.UUID) -> bool:
    entry = WaitlistEntry.objects.select_related("user").get(pk=entry_id)
    if entry.state != WaitState.HELD or open_trials(entry.user).exists():
        return False
    return _ask_for(world, entry.user, [entry.variant_id])


def _seen(world: World) -> Seen:
    if world.seen is None or world.seen.at + SEES_EVERY <= world.diary.now:
        waiting = WaitlistEntry.objects.filter(ended_at=None).values_list("pk", "state")
        world.seen = Seen(world.diary.now, dict(waiting), Trial.objects.count())
    return world.seen


def change_mind(world: World, trial_id: uuid.UUID) -> None:
    """A customer calls her trial off, if it has not left yet."""
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    if trial.state in NOT_LEFT:
        cancelled = world.attempt(lambda: cancel_trial(trial_id=trial_id, by=trial.user))
        world.counts["trials cancelled"] += cancelled is not None


def swap(world: World, trial_id: uuid.UUID) -> None:
    """A customer would rather try another frame than one of those she asked for."""
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    item = world.chance.choice(list(trial.items.order_by("pk")))
    wanted = world.chance.choice(world.variants)
    act = partial(
        swap_frame, trial_id=trial_id, item_id=item.pk, variant_id=wanted.pk, by=trial.user
    )
    world.counts["frames swapped"] += world.attempt(act) is not None


def try_on(world: World, trial_id: uuid.UUID) -> None:
    """The box is at her door: she tries, asks friends, perhaps buys, and sends it back."""
    plan, chance = world.plan, world.chance
    if world.happens(plan.shares):
        friends.share(world, trial_id)
    if world.happens(plan.extends):
        world.diary.after(timedelta(days=2), extend, world, trial_id)
    world.diary.after(timedelta(days=chance.uniform(2, 14)), decide, world, trial_id)
    if world.happens(plan.never_returns):
        world.counts["boxes not sent back in time"] += 1
        if world.happens(plan.comes_back_after_charge):
            world.diary.after(timedelta(days=chance.uniform(12, 30)), send_back, world, trial_id)
        return
    days = max(chance.gauss(4, 1.2), 0.5)
    if world.happens(plan.late):
        world.counts["boxes sent back late"] += 1
        days += chance.uniform(3, 25)
    world.diary.after(timedelta(days=days), send_back, world, trial_id)


def extend(world: World, trial_id: uuid.UUID) -> None:
    """She asks for more days."""
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    extended = world.attempt(lambda: extend_trial(trial_id=trial_id, by=trial.user))
    world.counts["trials extended"] += extended is not None


def send_back(world: World, trial_id: uuid.UUID) -> None:
    """She hands the box over, with all of it, all but one frame, or nothing in it."""
    plan = world.plan
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    held = trial.items.filter(inspection=None).exclude(packed_at=None)
    barcodes = list(held.values_list("unit__barcode", flat=True).order_by("pk"))
    if world.happens(plan.empty_box):
        world.counts["boxes sent back empty"] += 1
        barcodes = []
    elif world.happens(plan.keeps_one) and barcodes:
        world.counts["frames kept back"] += 1
        barcodes = barcodes[1:]
    world.handed_over[trial.pk] = (world.diary.now, barcodes)
    late_scan = world.happens(plan.scanned_late)
    if late_scan or world.happens(plan.says_sent_back):
        tell = partial(tell_sent_back, user=trial.user, number=trial.number)
        world.counts["customers who said that they sent it"] += world.attempt(tell) is not None
    carriers.bring_back(world, trial, barcodes, late_scan=late_scan)


def decide(world: World, trial_id: uuid.UUID) -> None:
    """She buys the frame her friends chose, or another, or none."""
    trial = Trial.objects.select_related("user").get(pk=trial_id)
    favourite = friends.favourite_of(trial)
    share = world.plan.buys + (world.plan.buys_more_after_votes if favourite else 0)
    if not world.happens(share):
        return
    items = list(trial.items.order_by("pk").values_list("variant_id", flat=True))
    variant_id = favourite if favourite and world.happens(0.7) else world.chance.choice(items)
    world.attempt(lambda: _buy(world, trial.user, variant_id))


def _buy(world: World, user: User, variant_id: int) -> None:
    cart = cart_for(user=user)
    add_to_cart(cart_id=cart.pk, variant_id=variant_id, quantity=1)
    order = place_order(user=user, cart_id=cart.pk, address_id=_address(user).pk)
    world.counts["orders placed"] += 1
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    if payment is not None and order.state != "paid":
        pay_with_card(payment_id=payment.pk, card_id=_card(user).pk, return_url=BACK)


def _who(world: World) -> User:
    if len(world.people) * world.parts < world.plan.customers and world.happens(
        world.plan.customers / world.plan.trials
    ):
        return _new_customer(world)
    return world.chance.choice(world.people) if world.people else _new_customer(world)


def _new_customer(world: World) -> User:
    number = world.next_number
    world.next_number += world.parts
    user = User(email=f"customer{number}@simulation.example", name=name_of(number))
    user.set_unusable_password()
    user.save()
    confirmed = not world.happens(world.plan.never_confirms)
    EmailAddress.objects.create(user=user, email=user.email, verified=confirmed, primary=True)
    area, town = world.chance.choice(TOWNS)
    add_address(
        user=user,
        name=user.name,
        line1=f"Musterweg {number}",
        postal_code=f"{area}{world.chance.randrange(1000):03}",
        city=town,
        country="DE",
    )
    fails = world.happens(world.plan.card_fails)
    start = start_card_setup(user=user)
    confirm_card(start.intent_id, world.chance.choice(BAD_CARDS if fails else GOOD_CARDS))
    world.attempt(lambda: finish_card_setup(user=user, setup_intent_id=start.intent_id))
    if not SavedCard.objects.filter(user=user).exists():
        # Her bank wanted to see her first; she takes another card.
        start = start_card_setup(user=user)
        confirm_card(start.intent_id, "pm_card_chargeCustomerFail")
        finish_card_setup(user=user, setup_intent_id=start.intent_id)
    if not world.happens(world.plan.shares_a_card):
        # Stripe's test cards are one card each, whoever holds them; people have their own.
        SavedCard.objects.filter(user=user).update(fingerprint=f"simulation-{number}")
    if world.people and world.happens(world.plan.joins_by_code):
        advocate = world.chance.choice(world.people)
        claimed = world.attempt(lambda: claim_code(user=user, code=code_for(user=advocate)))
        world.counts["friends brought"] += claimed is not None
    world.people.append(user)
    world.counts["customers"] += 1
    return user


def _address(user: User) -> Address:
    return Address.objects.get(user=user)


def _card(user: User) -> SavedCard:
    return SavedCard.objects.filter(user=user, detached_at=None).latest("pk")
