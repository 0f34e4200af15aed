"""Tags to choose from while one saves."""

from sharing.bookmarks.models import Viewer
from sharing.bookmarks.queries.finding import found, tags_among
from sharing.bookmarks.tags import normal_tag, tags_of_facts
from shop.catalogue.models import Frame, Variant

MOST = 12


def suggested_tags(
    viewer: Viewer,
    *,
    frame: Frame | None = None,
    variant: Variant | None = None,
    typed: str = "",
) -> list[str]:
    """Return tags for somebody: what she and those she may see call this frame, then its facts.

    Args:
        viewer: only tags of bookmarks she may see are told.
        frame: the one that is saved.
        variant: its colour.
        typed: the beginning of a word; empty for all.
    """
    beginning = normal_tag(typed)
    tags: list[str] = []
    if frame is not None:
        tags += [tag for tag, _n in tags_among(found(viewer, frame=frame), viewer, most=6)]
        tags += tags_of_facts(frame, variant)
    if frame is None or beginning:
        tags += [tag for tag, _n in tags_among(found(viewer), viewer, most=200)]
    fitting = [tag for tag in dict.fromkeys(tags) if tag.startswith(beginning)]
    return fitting[:MOST]
