"""Which frames friends loved, by what the galleries' owners have in common."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Frame

# Of so many customers' galleries at least, or nothing is kept: fewer would tell of somebody.
FEWEST = 5


class Likeness(models.TextChoices):
    """What customers have in common, as it is told beside the frame."""

    CIRCLE = "circle", _("Friends of people in your circles loved it")
    WIDTH = "width", _("Friends of people with your width loved it")
    SHAPE = "shape", _("Friends of people who like your shapes loved it")


class LovedFrame(models.Model):
    """A frame that most of those friends loved who saw it with customers of one likeness.

    Counted anew each hour by a job. There is no row of less than five customers, so that whatever
    reads it can say nothing of a single one.
    """

    kind = models.CharField(max_length=6, choices=Likeness.choices)
    # A width, a shape, or the number of a circle.
    value = models.CharField(max_length=36)
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="+")
    customers = models.PositiveIntegerField(help_text="On whose galleries it was loved.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value", "frame"], name="loved_once"),
            models.CheckConstraint(
                condition=Q(customers__gte=FEWEST), name="loved_by_the_friends_of_five"
            ),
        ]
