"""Events: facts that figures are made of. Rows are only ever added."""

import uuid

from django.db import models

from shop.foundation.money import MoneyField


class Event(models.Model):
    """One fact: what, when, to which subject, by whom, by which way, caused by what.

    Holds no name, no email address and no network address, so that erasing a person rewrites
    nothing here. The table is partitioned by month of ``occurred_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    person_type = models.CharField(max_length=10, help_text="customer, voter, staff or shop")
    person_id = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    link = models.CharField(max_length=40, blank=True, help_text="The share link's id.")
    caused_by = models.UUIDField(null=True)
    amount = MoneyField(null=True, default=None)
    details = models.JSONField(default=dict)

    class Meta:
        permissions = [("view_scorecard", "Can read the social scorecard")]
        indexes = [
            models.Index(fields=["name", "occurred_at"], name="event_by_name"),
            models.Index(fields=["subject_type", "subject_id"], name="event_by_subject"),
            models.Index(
                fields=["person_type", "person_id", "occurred_at"], name="event_by_person"
            ),
        ]


class EventKey(models.Model):
    """The idempotency keys of events: the same fact recorded twice is one row.

    A table of its own, because a unique index over a partitioned table must hold its month.
    """

    key = models.CharField(max_length=120, primary_key=True)
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField()


class KeptFigures(models.Model):
    """Figures that take longer to count than a page may take, as they were counted last."""

    name = models.CharField(max_length=80, primary_key=True)
    until = models.DateTimeField(help_text="The moment up to which they count.")
    took_ms = models.PositiveIntegerField()
    figures = models.JSONField()
