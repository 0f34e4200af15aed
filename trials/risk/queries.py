"""What is known of who asks for a trial, counted for the rules, and what waits for a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.customers.models import Address
from shop.foundation.keyset import KeysetPage, keyset_page
from shop.foundation.money import total
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from shop.orders.models import Order
from shop.payments.models import SavedCard
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import OPEN, ItemOutcome, TrialState
from trials.returns.models.charges import TrialCharge
from trials.risk.models import Outcome, RiskDecision, RuleKind, SecondLook

# Of accounts that share a card or an address no more are looked at: beyond, it is a crowd anyway.
MOST_ACCOUNTS = 200
# How one street is written in two ways, small letters: each becomes the shorter.
SPELLINGS = (("ß", "ss"), ("strasse", "str"), ("street", "st"), ("road", "rd"), ("avenue", "ave"))
# So long after a rule declined a box a person may be asked to look.
LOOK_OFFERED = timedelta(days=30)


def facts(
    trial: Trial, *, since: datetime, prices: Sequence[Money] | None = None
) -> dict[str, int]:
    """Return what each kind of rule looks at, for one trial: ten queries.

    Args:
        trial: with user, card and address; one that is not placed yet may have neither of both.
        since: how far back trials without a purchase are counted.
        prices: of its frames; read if not given.
    """
    by_card = _accounts_with_card(trial)
    by_address = _accounts_at_address(trial)
    owed = TrialCharge.objects.filter(state=TrialCharge.State.OWED)
    if prices is None:
        prices = [item.price for item in trial.items.all()]
    # A box that the carrier lost on its way out counts neither for her nor against her.
    completed = Trial.objects.filter(
        user=trial.user_id, state=TrialState.CLOSED, never_arrived=False
    )
    confirmed = EmailAddress.objects.filter(user=trial.user_id, verified=True)
    return {
        RuleKind.NEW_CUSTOMER: completed.count(),
        RuleKind.SHARED_CARD: len(by_card),
        RuleKind.OWN_DEBTS: owed.filter(trial__user=trial.user_id).count(),
        RuleKind.CARD_OWES: owed.filter(trial__user__in=by_card).count() if by_card else 0,
        RuleKind.ADDRESS_OWES: owed.filter(trial__user__in=by_address).count() if by_address else 0,
        RuleKind.OUT_ELSEWHERE: _under_way(by_card | by_address),
        RuleKind.SERIAL_TRIALS: _without_purchase(
            {trial.user_id, *by_card, *by_address}, since=since
        ),
        RuleKind.BOX_VALUE: int(total(list(prices)).amount) if prices else 0,
        RuleKind.UNCONFIRMED: confirmed.count(),
    }


def open_looks() -> QuerySet[SecondLook]:
    """Return the wishes for a person's look that nobody has answered."""
    return SecondLook.objects.filter(answer="")


def to_review() -> QuerySet[RiskDecision]:
    """Return the decisions whose trials wait for a person, the oldest wish first."""
    asked = open_looks()
    open_wishes = Trial.objects.filter(state=TrialState.REQUESTED)
    # The few trials there may be at all, by their indexes; else all decisions ever made are read.
    few = open_wishes.order_by().values("pk").union(asked.order_by().values("trial"), all=True)
    return (
        RiskDecision.objects.filter(_undecided() | _declined_and_asked(), trial__in=few)
        .select_related("trial__second_look")
        # Of the rows that are read alone: joins would look them up of everybody who waits.
        .prefetch_related("trial__user", "trial__address", "trial__card")
        .order_by("trial__requested_at", "pk")
    )


def review_page(asked: Mapping[str, str], *, size: int) -> KeysetPage:
    """Return a page of ``to_review``, each decision with its trial, customer and wish for a look.

    Args:
        asked: the page that is asked for, as of ``keyset_page``.
        size: how many decisions at most.
    """
    decisions = RiskDecision.objects.select_related("trial").order_by("trial__requested_at", "pk")
    return keyset_page(
        decisions.filter(_undecided()),
        asked=asked,
        size=size,
        whole=_REVIEWED,
        besides=decisions.filter(_declined_and_asked()),
    )


def _undecided() -> Q:
    # While its customer is to pay a deposit, nobody but she can do anything.
    paid = Q(outcome=Outcome.DEPOSIT, trial__pay_by=None)
    return Q(Q(outcome=Outcome.REVIEW) | paid, trial__state=TrialState.REQUESTED)


def _declined_and_asked() -> Q:
    """Find what was declined by rule, and its customer asked for a person."""
    return Q(outcome=Outcome.DECLINE, trial__second_look__answer="")


_REVIEWED = PreparedQuery(
    lambda: (
        RiskDecision.objects.filter(AnyOf(F("pk"), Slot("keys")))
        .select_related("trial__user", "trial__second_look")
        .order_by()
    )
)


def risk_of(trial: Trial) -> dict[str, Any]:
    """Return the ``decision`` on a trial, its ``reasons`` in words and the ``look`` asked for.

    Args:
        trial: as ``staff_trial`` returns it, else with two queries.

    Returns:
        Nothing where there was no decision.
    """
    decision: RiskDecision | None = getattr(trial, "risk_decision", None)
    if decision is None:
        return {}
    return {
        "decision": decision,
        "reasons": [reason_words(each) for each in decision.reasons],
        "look": getattr(trial, "second_look", None),
    }


def may_ask_for_look(trial: Trial) -> bool:
    """Tell whether a customer may ask for a person: a rule declined it, not long ago, not asked."""
    since = timezone.now() - LOOK_OFFERED
    if trial.state != TrialState.DECLINED or trial.closed_at is None or trial.closed_at < since:
        return False
    if SecondLook.objects.filter(trial=trial).exists():
        return False
    by_rule = RiskDecision.objects.filter(trial=trial, outcome=Outcome.DECLINE)
    by_nobody = trial.transitions.filter(to_state=TrialState.DECLINED, actor=None)
    return by_rule.exists() and by_nobody.exists()


def look_of(trial: Trial) -> tuple[bool, SecondLook | None]:
    """Return whether a person's look may be asked for, and the one that was: three queries."""
    if trial.state != TrialState.DECLINED:
        return False, None
    look = SecondLook.objects.filter(trial=trial).select_related("followed_by").first()
    return look is None and may_ask_for_look(trial), look


def reason_words(reason: dict[str, Any]) -> str:
    """Return one reason of a decision as ops read it: what was looked at, and what was found."""
    words = {
        "what": RuleKind(reason["kind"]).label,
        "threshold": reason["threshold"],
        "found": reason["found"],
    }
    if reason["kind"] == RuleKind.SERIAL_TRIALS:
        return _("%(what)s %(threshold)s in %(days)s days; found: %(found)s") % {
            **words,
            "days": reason["days"],
        }
    return _("%(what)s %(threshold)s; found: %(found)s") % words


def _accounts_with_card(trial: Trial) -> set[int]:
    if trial.card_id is None or not trial.card.fingerprint:
        return set()
    cards = SavedCard.objects.filter(fingerprint=trial.card.fingerprint)
    others = cards.exclude(user=trial.user_id).exclude(user=None)
    return set(others.order_by().values_list("user", flat=True).distinct()[:MOST_ACCOUNTS])


def _accounts_at_address(trial: Trial) -> set[int]:
    if trial.address_id is None:
        return set()
    place = trial.address
    # The town is left out: it is spelled in many ways, and the code says it.
    same = Address.objects.alias(house=_house(F("line1"))).filter(
        country=place.country, postal_code=place.postal_code, house=_house(Value(place.line1))
    )
    others = same.exclude(user=trial.user_id)
    return set(others.order_by().values_list("user", flat=True).distinct()[:MOST_ACCOUNTS])


def _house(line: F | Value) -> Func:
    """Return street and number as they are compared: "Haupt-Strasse 5" is "Hauptstr. 5"."""
    spelled: Any = Lower(line)
    for long, short in SPELLINGS:
        spelled = Replace(spelled, Value(long), Value(short))
    # Neither spaces nor stops nor dashes tell two houses apart.
    nothing = (Value("[^[:alnum:]]"), Value(""), Value("g"))
    return Func(spelled, *nothing, function="regexp_replace", output_field=TextField())


def _under_way(accounts: set[int]) -> int:
    """Count the boxes that were asked for and are not over, of these accounts."""
    counted = _UNDER_WAY.rows(accounts=sorted(accounts)) if accounts else []
    return int(counted[0][0]) if counted else 0


_UNDER_WAY = PreparedValues(
    lambda: (
        Trial.objects.filter(AnyOf(F("user_id"), Slot("accounts")), state__in=sorted(OPEN))
        .order_by()
        .values(all=Value(1))
        .values_list(Count("pk"))
    )
)


def _without_purchase(accounts: set[int], *, since: datetime) -> int:
    """Count the trials since then that ended with no frame kept, of accounts that bought none."""
    counted = _WITHOUT_PURCHASE.rows(accounts=sorted(accounts), since=since)
    return int(counted[0][0]) if counted else 0


def _ended_without_purchase() -> QuerySet[Trial, Any]:
    kept = TrialItem.objects.filter(trial=OuterRef("pk"), outcome=ItemOutcome.KEPT)
    bought = Order.objects.filter(user=OuterRef("user"), paid_at__gte=Slot("since"))
    ended = Trial.objects.filter(
        AnyOf(F("user_id"), Slot("accounts")),
        state=TrialState.CLOSED,
        never_arrived=False,
        requested_at__gte=Slot("since"),
    )
    ended = ended.filter(~Exists(kept), ~Exists(bought))
    return ended.order_by().values("state").values_list(Count("pk"))


_WITHOUT_PURCHASE = PreparedValues(_ended_without_purchase)


def since_days(now: datetime, days: int) -> datetime:
    """Return the moment ``days`` times 24 hours before ``now``."""
    return now - timedelta(days=days)
