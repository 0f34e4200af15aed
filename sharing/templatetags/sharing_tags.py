"""What lower pages' slots need to know of sharing."""

from django import template

from sharing.galleries.models import Gallery
from sharing.votes.queries import counted_votes
from trials.home_trials.models import Trial

register = template.Library()


@register.simple_tag
def gallery_of_trial(trial: Trial) -> Gallery | None:
    """Return the gallery of a trial, if there is one."""
    return Gallery.objects.filter(trial=trial).first()


@register.simple_tag
def votes_on(gallery: Gallery) -> int:
    """Return how many votes are counted on a gallery."""
    return counted_votes([gallery.pk]).get(gallery.pk, 0)
