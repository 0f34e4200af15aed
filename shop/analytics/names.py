"""The names of events, each recorded in one place only, and of the ways people come."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventName(StrEnum):
    """What can happen. A name, once recorded, never changes."""

    BOX_FILLED = "box_filled"
    TRIAL_REQUESTED = "trial_requested"
    TRIAL_ASSESSED = "trial_assessed"
    TRIAL_PAID = "trial_paid"
    TRIAL_DEPOSIT_ASKED = "trial_deposit_asked"
    TRIAL_DEPOSIT_PAID = "trial_deposit_paid"
    TRIAL_APPROVED = "trial_approved"
    TRIAL_DECLINED = "trial_declined"
    TRIAL_LOOK_ASKED = "trial_look_asked"
    TRIAL_CANCELLED = "trial_cancelled"
    TRIAL_SHIPPED = "trial_shipped"
    TRIAL_DELIVERED = "trial_delivered"
    TRIAL_EXTENDED = "trial_extended"
    FRAME_SWAPPED = "frame_swapped"
    TRIAL_RETURNING = "trial_returning"
    TRIAL_RECEIVED = "trial_received"
    TRIAL_CLOSED = "trial_closed"
    WAITLIST_JOINED = "waitlist_joined"
    WAITLIST_RESERVED = "waitlist_reserved"
    WAITLIST_TAKEN = "waitlist_taken"
    WAITLIST_LAPSED = "waitlist_lapsed"
    WAITLIST_LEFT = "waitlist_left"
    PHOTO_ADDED = "photo_added"
    GALLERY_CREATED = "gallery_created"
    PHOTO_OBJECTED = "photo_objected"
    GALLERY_CLOSED = "gallery_closed"
    GALLERY_REOPENED = "gallery_reopened"
    GALLERY_ARCHIVED = "gallery_archived"
    GALLERY_BROUGHT_BACK = "gallery_brought_back"
    LINK_CREATED = "link_created"
    LINK_REVOKED = "link_revoked"
    LINK_SHARED = "link_shared"
    LINK_VIEWED = "link_viewed"
    VOTE_CAST = "vote_cast"
    VOTE_CHANGED = "vote_changed"
    VOTE_EXCLUDED = "vote_excluded"
    VOTE_RESTORED = "vote_restored"
    COMMENT_ADDED = "comment_added"
    COMMENT_HIDDEN = "comment_hidden"
    COMMENT_REPORTED = "comment_reported"
    VOTER_BLOCKED = "voter_blocked"
    THREAD_ASKED = "thread_asked"
    THREAD_ANSWERED = "thread_answered"
    REFERRAL_CLICKED = "referral_clicked"
    REFERRAL_JOINED = "referral_joined"
    REFERRAL_QUALIFIED = "referral_qualified"
    REFERRAL_HELD = "referral_held"
    REWARD_GRANTED = "reward_granted"
    REWARD_REVERSED = "reward_reversed"
    REWARD_SPENT = "reward_spent"
    BOOKMARK_ADDED = "bookmark_added"
    BOOKMARK_REMOVED = "bookmark_removed"
    CIRCLE_CREATED = "circle_created"
    CIRCLE_JOINED = "circle_joined"
    CIRCLE_LEFT = "circle_left"
    FEEDBACK_GIVEN = "feedback_given"
    IDEA_ADDED = "idea_added"
    IDEA_VOTED = "idea_voted"
    IDEA_ANSWERED = "idea_answered"
    PERSON_ERASED = "person_erased"
    EMAIL_SENT = "email_sent"
    EMAIL_UNSUBSCRIBED = "email_unsubscribed"
    ORDER_PLACED = "order_placed"
    ORDER_PAID = "order_paid"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_REFUNDED = "order_refunded"
    ITEM_RETURNED = "item_returned"
    ITEM_KEPT = "item_kept"
    ITEM_LOST = "item_lost"
    ITEM_DAMAGED = "item_damaged"
    FEE_CHARGED = "fee_charged"
    FEE_REFUNDED = "fee_refunded"
    FEE_REFUND_FAILED = "fee_refund_failed"
    FRAME_REPORTED = "frame_reported"
    BOX_EMPTY = "box_empty"
    PARCEL_LOST = "parcel_lost"
    DAMAGE_PROPOSED = "damage_proposed"
    DAMAGE_WAIVED = "damage_waived"
    VERDICT_CORRECTED = "verdict_corrected"


class Channel(models.TextChoices):
    """The way a link is sent."""

    LINK = "link", _("Copied link")
    WHATSAPP = "whatsapp", _("WhatsApp")
    MAIL = "mail", _("Email")
    QR = "qr", _("QR code")
    SHARE_SHEET = "share_sheet", _("Share sheet")
    MESSENGER = "messenger", _("Messenger")
    WECHAT = "wechat", _("WeChat")
    TELEGRAM = "telegram", _("Telegram")
    INSTAGRAM = "instagram", _("Instagram story")
    PERSON = "person", _("A close friend")


# Of a friend who came by an advocate's code instead of a link to a gallery.
CODE_CHANNEL = "code"


def channel_words(channel: str) -> str:
    """Return what people call a way that somebody came; empty for nobody's."""
    words = {**dict(Channel.choices), CODE_CHANNEL: _("A friend's code")}
    return str(words.get(channel, channel))
