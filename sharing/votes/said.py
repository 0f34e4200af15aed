"""What a friend says: as her form brings it, her vote holds it and her page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sharing.votes.errors import VoteInvalidError
from sharing.votes.models import Vote


@dataclass
class Said:
    """All that a friend may say.

    Attributes:
        reactions: what she makes of frames, by the item's id.
        favourite: the item she picked.
        places: her order of frames, 1 the best.
        words: what she wrote about single frames.
        comment: what she wrote about all of them.
        name: how she calls herself.
        wants_news: whether she wants to hear what was bought.
        email: where; never shown again once it was sent.
        has_address: she left one before.
    """

    reactions: dict[int, str] = field(default_factory=dict)
    favourite: int | None = None
    places: dict[int, int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    comment: str = ""
    name: str = ""
    wants_news: bool = False
    email: str = ""
    has_address: bool = False

    def as_ballot(self) -> dict[str, Any]:
        """Return what ``cast_vote`` takes."""
        return {
            "reactions": self.reactions,
            "favourite": self.favourite,
            "places": self.places,
            "words": self.words,
            "comment": self.comment,
            "name": self.name,
            "wants_news": self.wants_news,
            "email": self.email,
        }


def said_before(vote: Vote | None) -> Said:
    """Return what a vote says; nothing where there is none."""
    if vote is None:
        return Said()
    frames = list(vote.reactions.all())
    return Said(
        reactions={each.item_id: each.value for each in frames if each.value},
        favourite=vote.favourite_id,
        places={each.item_id: each.rank for each in frames if each.rank},
        words={each.item_id: each.comment for each in frames if each.comment},
        comment=vote.comment,
        name=vote.voter.name,
        wants_news=vote.voter.wants_news and vote.voter.news_at is None,
        has_address=bool(vote.voter.email),
    )


def said_in(form: QueryDict) -> tuple[Said, VoteInvalidError | None]:
    """Return what a form says, and why it cannot be taken; what can be read of it comes back.

    Args:
        form: ``reaction-<item>``, ``rank-<item>``, ``comment-<item>``, ``favourite``, ``comment``,
            ``name``, ``news``, ``email``.
    """
    said = Said(
        comment=_lines(form.get("comment", "")),
        name=form.get("name", ""),
        wants_news="news" in form,
        email=form.get("email", ""),
    )
    favourites = set(filter(None, form.getlist("favourite")))
    if len(favourites) > 1:
        return said, VoteInvalidError(_("Pick one favourite only."))
    try:
        said.reactions = {item: value for item, value in _by_item(form, "reaction-") if value}
        said.words = {item: _lines(text) for item, text in _by_item(form, "comment-") if text}
        said.places = {item: int(place) for item, place in _by_item(form, "rank-") if place}
        said.favourite = int(favourites.pop()) if favourites else None
    except ValueError:
        return said, VoteInvalidError(_("Load the page again and vote once more."))
    return said, None


def _by_item(form: Mapping[str, Any], prefix: str) -> list[tuple[int, str]]:
    return [
        (int(name.removeprefix(prefix)), str(value))
        for name, value in form.items()
        if name.startswith(prefix)
    ]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
