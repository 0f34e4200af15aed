"""The Celery application.

PostgreSQL holds what must happen (the outbox, dates that fall due); Redis is only the alarm clock,
and the sweeps in the beat schedule find whatever the alarm missed.
"""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lorgnette")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Every thread's own, not only the importing one's: the outbox rings from web threads too.
app.set_default()


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Leave logging as settings made it: Celery would replace it with its own."""
