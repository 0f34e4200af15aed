"""Money: who pays with what, what was asked and paid, and the ledger of it all."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.money import MoneyField
from shop.payments.refusals import refusal_words, refused_because


class PaymentCustomer(models.Model):
    """A user as Stripe knows her."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payment_customer"
    )
    stripe_customer_id = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField(default=timezone.now)


class SavedCard(models.Model):
    """A card kept for later payments. Only what Stripe tells of it: never its number."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_cards"
    )
    stripe_payment_method_id = models.CharField(max_length=60, unique=True)
    brand = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=60, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    detached_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.brand.title()} •••• {self.last4}"


class CardSetup(models.Model):
    """One try to save a card: a Stripe SetupIntent of ours."""

    class State(models.TextChoices):
        """How far it came."""

        STARTED = "started", _("Started")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="card_setups"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.STARTED)
    stripe_setup_intent_id = models.CharField(max_length=60, unique=True, null=True)
    card = models.ForeignKey(SavedCard, null=True, on_delete=models.PROTECT, related_name="+")
    # The database's own default too, for code of the last release that runs beside this one.
    address_hash = models.CharField(
        max_length=32, blank=True, default="", db_default="", help_text="Where it was begun."
    )
    created_at = models.DateTimeField(default=timezone.now)


class Payment(models.Model):
    """One charge asked of somebody: written before Stripe is called, settled after."""

    class State(models.TextChoices):
        """Stripe's PaymentIntent states, and ``created`` before Stripe knows of it."""

        CREATED = "created", _("Created")
        REQUIRES_PAYMENT_METHOD = "requires_payment_method", _("Waiting for a card")
        REQUIRES_ACTION = "requires_action", _("Waiting for a confirmation")
        PROCESSING = "processing", _("Being processed")
        SUCCEEDED = "succeeded", _("Paid")
        CANCELED = "canceled", _("Cancelled")

    class Dispute(models.TextChoices):
        """How the payer's objection at her bank stands; empty where there is none."""

        OPEN = "open", _("Disputed")
        WON = "won", _("Dispute won")
        LOST = "lost", _("Dispute lost")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="payments",
    )
    purpose = models.CharField(
        _("purpose"), max_length=30, help_text=_("A registered purpose, such as order.")
    )
    reference = models.CharField(
        _("reference"), max_length=60, help_text=_("What it pays: an order's number.")
    )
    amount = MoneyField(_("amount"))
    refunded = MoneyField(_("given back"), default=0)
    state = models.CharField(
        _("state"), max_length=24, choices=State.choices, default=State.CREATED
    )
    off_session = models.BooleanField(_("without the customer"), default=False)
    card = models.ForeignKey(
        SavedCard, verbose_name=_("card"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    stripe_payment_intent_id = models.CharField(_("PaymentIntent"), max_length=60, null=True)
    # Paid with others by one intent: what a hold pays is taken from it once, for all of them.
    shares_intent = models.BooleanField(_("shares its intent"), default=False, db_default=False)
    failure_code = models.CharField(_("error code"), max_length=60, blank=True)
    failure_message = models.CharField(_("error message"), max_length=300, blank=True)
    # The bank's reason, what the card network advises, and Stripe's name of the refused try, which
    # tells one refusal from the next. The database's own defaults too, for the last release.
    decline_code = models.CharField(
        _("the bank's reason"), max_length=60, blank=True, default="", db_default=""
    )
    advice_code = models.CharField(
        _("the network's advice"), max_length=40, blank=True, default="", db_default=""
    )
    failed_charge = models.CharField(
        _("refused try"), max_length=60, blank=True, default="", db_default=""
    )
    dispute = models.CharField(
        _("dispute"),
        max_length=8,
        choices=Dispute.choices,
        blank=True,
        default="",
        db_default="",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # When somebody last set about paying it: since then its outcome is waited for.
    tried_at = models.DateTimeField(_("tried at"), null=True, blank=True)
    # When the sweep last asked Stripe, so that it begins with those it has not asked for longest.
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    class Meta:
        permissions = [("refund_payment", "Can give money back")]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0) & models.Q(refunded__lte=models.F("amount")),
                name="refunded_within_payment",
            ),
            models.UniqueConstraint(
                fields=["purpose", "reference"],
                condition=models.Q(state="succeeded"),
                name="paid_once_a_purpose_and_reference",
            ),
            models.UniqueConstraint(
                fields=["purpose", "reference"],
                condition=~models.Q(state__in=["succeeded", "canceled"]),
                name="one_open_payment_a_reference",
            ),
            models.UniqueConstraint(
                fields=["stripe_payment_intent_id"],
                condition=models.Q(shares_intent=False),
                name="one_payment_an_intent",
            ),
        ]
        indexes = [
            models.Index(fields=["purpose", "reference"], name="payment_by_reference"),
            models.Index(fields=["stripe_payment_intent_id"], name="payment_by_intent"),
            models.Index(
                fields=["created_at"],
                name="payment_unsettled",
                condition=~models.Q(state__in=["succeeded", "canceled"]),
            ),
            models.Index(
                fields=["purpose", "reference"],
                name="payment_given_back",
                condition=models.Q(refunded__gt=0),
            ),
        ]

    @property
    def refusal(self) -> str:
        """Why the last try failed, for people; only where ``failure_code`` is set."""
        return refusal_words(self.failure_code)

    @property
    def refused_because(self) -> str:
        """Why the last try failed, for staff; empty where none did."""
        return refused_because(self.failure_code, self.decline_code if self.failure_code else "")


class Refund(models.Model):
    """Money of a payment given back."""

    class State(models.TextChoices):
        """Whether Stripe has done it."""

        REQUESTED = "requested", _("Requested")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.REQUESTED
    )
    stripe_refund_id = models.CharField(_("refund at Stripe"), max_length=60, null=True)
    failure_message = models.CharField(_("error message"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [models.Index(fields=["created_at"], name="refund_by_time")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_of_something"),
            # One made at Stripe may be of several payments that share an intent.
            models.UniqueConstraint(
                fields=["stripe_refund_id", "payment"], name="one_refund_a_payment"
            ),
        ]


# https://docs.stripe.com/disputes/categories
DISPUTE_REASONS = {
    "credit_not_processed": _("Misses money back"),
    "duplicate": _("Says she paid twice"),
    "fraudulent": _("Says it was not her"),
    "general": _("Gives no reason"),
    "product_not_received": _("Says nothing came"),
    "product_unacceptable": _("Says it is not as described"),
    "unrecognized": _("Does not know of it"),
}


class Dispute(models.Model):
    """A payer's objection at her bank, as Stripe tells of it."""

    stripe_dispute_id = models.CharField(_("dispute at Stripe"), max_length=60, unique=True)
    # Where several payments share an intent, the first of them: the bank disputes the whole.
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="disputes"
    )
    amount = MoneyField(_("amount"))
    # What the bank has taken and not given back: the sum of what is booked of it.
    withdrawn = MoneyField(_("taken by the bank"), default=0)
    # What Stripe took for it and has not given back: the sum of what is booked of that.
    fees = MoneyField(_("fees"), default=0)
    status = models.CharField(_("state"), max_length=30, help_text=_("Stripe's word."))
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    answer_by = models.DateTimeField(_("answer until"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    # Whether the bank has still to decide, so that a queue and the sweep find it.
    is_open = models.BooleanField(_("open"), default=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ("answer_by", "pk")
        indexes = [
            models.Index(
                fields=["answer_by", "id"],
                name="dispute_open",
                condition=models.Q(is_open=True),
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_dispute_id

    @property
    def reason_words(self) -> str:
        """Why she objects, as people read it; Stripe's own word where it is a new one."""
        return str(DISPUTE_REASONS.get(self.reason, self.reason.replace("_", " ")))


class StripeSweep(models.Model):
    """Up to when what was done at Stripe has been read, so that nothing untold is missed."""

    kind = models.CharField(_("kind"), max_length=20, primary_key=True)
    until = models.DateTimeField(_("read until"))


class WebhookEvent(models.Model):
    """An event Stripe sent. It counts as seen only once its handling finished."""

    stripe_event_id = models.CharField(max_length=60, primary_key=True)
    type = models.CharField(max_length=80)
    received_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)


class LedgerTransaction(models.Model):
    """Entries that belong together and sum to zero. Rows are only ever added."""

    kind = models.CharField(max_length=30, help_text="payment, refund, order …")
    reference = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="booked_once"),
        ]
        indexes = [models.Index(fields=["at"], name="ledger_by_time")]


class LedgerEntry(models.Model):
    """An amount on one side of a transaction: debit above zero, credit below."""

    class Account(models.TextChoices):
        """Where money is or is owed."""

        STRIPE = "stripe", _("Balance at Stripe")
        RECEIVABLE = "receivable", _("Owed by customers")
        SALES = "sales", _("Sales")
        UNRETURNED = "unreturned", _("Unreturned trial frames")
        KEPT_SALES = "kept_sales", _("Trial frames sold")
        SALES_TAX = "sales_tax", _("Sales tax to be paid")
        LATE_FEES = "late_fees", _("Late fees")
        REWARDS = "rewards", _("Rewards")
        DEPOSITS = "deposits", _("Customers' deposits")
        TRIAL_FEES = "trial_fees", _("Fees of trials")
        DISPUTES = "disputes", _("Taken back by customers' banks")
        DISPUTE_FEES = "dispute_fees", _("Fees of disputes")
        CUSTOMER_CREDIT = "customer_credit", _("Customers' credit")
        # What trials cost (trials.costs), and what that is owed from or taken out of.
        SHIPPING = "shipping", _("Parcels of trials")
        REFURBISHMENT = "refurbishment", _("Cleaning and repair")
        LABOUR = "labour", _("Work on trials")
        WRITE_OFFS = "write_offs", _("Units written off")
        CLAIMS = "claims", _("Paid by carriers for lost parcels")
        GOODS = "goods", _("Cost of frames sold")
        COSTS_ACCRUED = "costs_accrued", _("Costs to be paid")
        INVENTORY = "inventory", _("Stock")

    transaction = models.ForeignKey(
        LedgerTransaction,
        verbose_name=_("transaction"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    account = models.CharField(_("account"), max_length=20, choices=Account.choices)
    amount = MoneyField(_("amount"))
    order_number = models.CharField(_("order number"), max_length=20, blank=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")


class CreditAccount(models.Model):
    """What a customer may spend in one currency: the sum of her entries in the ledger, kept.

    Her row is what two checkouts at once wait for. It falls below zero only where a reward is taken
    back that was spent already.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="credit_accounts"
    )
    balance = MoneyField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "balance_currency"], name="one_credit_account_a_currency"
            ),
        ]
