"""The door by which Django finds the models; code imports the rooms' own modules."""

from shop.analytics.models import Event, EventKey, KeptFigures
from shop.catalogue.models import EarlyLook, Frame, FrameImage, Variant
from shop.customers.models import Address, User
from shop.foundation.models import AddressSalt, IdempotencyRecord, Milestone, OutboxMessage
from shop.holds.models import Hold
from shop.inventory.models import StockRecord, StockReservation
from shop.messages.models import (
    MessageItem,
    MessagePreference,
    PushSubscription,
    Suppression,
)
from shop.orders.models import Cart, CartLine, Order, OrderLine, OrderTransition, Voucher
from shop.payments.models import (
    CardSetup,
    CreditAccount,
    Dispute,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    PaymentCustomer,
    Refund,
    SavedCard,
    StripeSweep,
    WebhookEvent,
)

__all__ = [
    "Address",
    "AddressSalt",
    "CardSetup",
    "Cart",
    "CartLine",
    "CreditAccount",
    "Dispute",
    "EarlyLook",
    "Event",
    "EventKey",
    "Frame",
    "FrameImage",
    "Hold",
    "IdempotencyRecord",
    "KeptFigures",
    "LedgerEntry",
    "LedgerTransaction",
    "MessageItem",
    "MessagePreference",
    "Milestone",
    "Order",
    "OrderLine",
    "OrderTransition",
    "OutboxMessage",
    "Payment",
    "PaymentCustomer",
    "PushSubscription",
    "Refund",
    "SavedCard",
    "StockRecord",
    "StockReservation",
    "StripeSweep",
    "Suppression",
    "User",
    "Variant",
    "Voucher",
    "WebhookEvent",
]
