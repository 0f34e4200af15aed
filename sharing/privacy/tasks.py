"""What is done in the background: erasing, exporting, and what is over."""

import uuid
from typing import Any

from celery import shared_task

from sharing.galleries.services import close_unreachable
from sharing.privacy.services.erasing import carry_out_erasure, erase_again
from sharing.privacy.services.expiring import erase_expired, erase_unshared, warn_of_expiry
from sharing.privacy.services.exporting import build_export, delete_expired
from sharing.privacy.services.objecting import forget_objectors, settle_moot, tell_owners
from shop.foundation.outbox import handles


@handles("privacy.erase", name="sharing.privacy.erase")
def erase(payload: dict[str, Any]) -> None:
    """Erase what somebody asked for."""
    carry_out_erasure(uuid.UUID(payload["erasure"]))


@handles("privacy.export", name="sharing.privacy.export")
def export(payload: dict[str, Any]) -> None:
    """Put an export together."""
    build_export(uuid.UUID(payload["export"]))


@shared_task(name="sharing.privacy.expire")
def expire() -> None:
    """Close what nobody can reach, warn, and erase what is over. Each step stands alone."""
    close_unreachable()
    warn_of_expiry()
    erase_expired()
    erase_unshared()
    delete_expired()
    settle_moot()
    tell_owners()
    forget_objectors()
    erase_again()
