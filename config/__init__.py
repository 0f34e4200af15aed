"""Settings, addresses and the start of every process."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
