"""The mails a trial sends, each with what every one of them needs."""

from typing import Any

from django.urls import reverse

from shop.foundation.mail import queue_mail
from trials.home_trials.models import Trial


def mail_customer(template: str, trial: Trial, **context: Any) -> str:
    """Queue a mail about a trial to its customer, in her language.

    Args:
        template: the mail's name, such as ``trial_requested``.
        trial: with its user.
        context: what this mail needs besides ``trial``, ``customer``, ``path`` and ``zone``.

    Returns:
        The subject.
    """
    customer = trial.user
    return queue_mail(
        to=customer.email,
        template=template,
        context={
            "trial": trial,
            "customer": customer,
            "path": reverse("trials:trial", args=[trial.number]),
            "zone": customer.time_zone,
            **context,
        },
        language=customer.language,
    )
