"""What is done to evidence in the background."""

import uuid
from typing import Any

from celery import shared_task

from shop.foundation.outbox import handles
from trials.evidence.files import delete_files
from trials.evidence.services import erase_old_evidence, render_evidence


@handles("evidence.render", name="trials.evidence.render")
def render(payload: dict[str, Any]) -> None:
    """Make one photo safe."""
    render_evidence(uuid.UUID(payload["photo"]))


@handles("evidence.delete_files", name="trials.evidence.delete_files")
def delete(payload: dict[str, Any]) -> None:
    """Delete files that nothing points to any more."""
    delete_files(payload["names"])


@shared_task(name="trials.evidence.erase_old")
def erase_old() -> None:
    """Erase what was kept for long enough."""
    erase_old_evidence()
