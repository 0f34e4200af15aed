"""The worker's part of a placement: the mail that confirms it."""

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out


def confirm_requests() -> None:
    """Have the worker write the mails of all trials that were asked for."""
    waiting = OutboxMessage.objects.filter(handler="home_trials.confirm_request", done_at=None)
    for message_id in list(waiting.values_list("pk", flat=True)):
        assert carry_out(str(message_id))
