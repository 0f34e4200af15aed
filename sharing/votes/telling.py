"""What the votes decide, in sentences people would say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.galleries.states import NamesShown
from sharing.votes.queries import Standing
from sharing.votes.states import GUESSED, LeftOut

# From so many picks on a share is told as a percentage (shop.analytics.figures.FEWEST).
FEWEST = 20


def verdict(
    standing: Standing, names: Mapping[int, str], *, closed: bool = False, bought: bool = False
) -> dict[str, Any]:
    """Return what the votes decide: a sentence, why it can be believed, and how it is called.

    Args:
        standing: of the gallery.
        names: of its frames, by the item's id.
        closed: the voting is over, so nothing is said of what one more vote would do.
        bought: one of them is bought, so nothing is said of what may be chance.

    Returns:
        ``kind`` (of ``result.Result``), ``says`` and ``why``; both empty where nobody has picked.
    """
    result = standing.result
    words = {
        "none": lambda: ("", ""),
        "tie": lambda: _tie(standing, names, closed),
        "split": lambda: _split(standing, names),
        "undecided": lambda: (
            _ended(standing, names, bought) if closed else _undecided(standing, names)
        ),
        "decided": lambda: _decided(standing, names),
    }
    says, why = words[result.kind]()
    return {"kind": result.kind, "says": says, "why": why}


def _picks(standing: Standing, item: int | None) -> tuple[int, int]:
    counts = {row.item_id: row.favourites for row in standing.rows}
    return counts.get(item or 0, 0), sum(counts.values())


def _tie(standing: Standing, names: Mapping[int, str], closed: bool) -> tuple[str, str]:
    result = standing.result
    level = [names[item] for item in result.tied]
    says = _("A tie: %(names)s") % {"names": _(" and ").join(level)}
    if result.preferred in result.tied:
        why = _("Taken in pairs, more friends prefer %(name)s.") % {
            "name": names[result.preferred or 0]
        }
    else:
        count, _total = _picks(standing, result.tied[0])
        if closed:
            why = ngettext("Each has %(count)s pick.", "Each has %(count)s picks.", count)
            return says, why % {"count": count}
        why = ngettext(
            "Each has %(count)s pick. One more friend can decide it.",
            "Each has %(count)s picks. One more friend can decide it.",
            count,
        ) % {"count": count}
    return says, why


def _split(standing: Standing, names: Mapping[int, str]) -> tuple[str, str]:
    result = standing.result
    leader, preferred = names[result.leader or 0], names[result.preferred or 0]
    says = _("%(leader)s or %(preferred)s: your friends are of two minds") % {
        "leader": leader,
        "preferred": preferred,
    }
    why = _("%(leader)s has the most picks, yet against each other pair most prefer %(preferred)s.")
    return says, why % {"leader": leader, "preferred": preferred}


def _ended(standing: Standing, names: Mapping[int, str], bought: bool) -> tuple[str, str]:
    leader = names[standing.result.leader or 0]
    count, total = _picks(standing, standing.result.leader)
    told = {"name": leader, "count": count, "total": total}
    if total == 1:
        return _("The only pick went to %(name)s") % told, ""
    if count == total:
        says = _("Everybody picked %(name)s") % told
    else:
        says = _("%(name)s was ahead, by a little") % told
    why = _("%(count)s of %(total)s picked it.") % told
    chance = "" if bought else " " + _("With so few picks that may be chance.")
    return says, why + chance


def _undecided(standing: Standing, names: Mapping[int, str]) -> tuple[str, str]:
    result = standing.result
    leader = names[result.leader or 0]
    says = _("%(name)s is ahead, but it is too early to say") % {"name": leader}
    if result.more is None:
        return says, _("Your friends are so divided that a few more votes would not settle it.")
    why = ngettext(
        "This may be chance. If %(more)s more friend picked it too, it would be clear.",
        "This may be chance. If %(more)s more friends picked it too, it would be clear.",
        result.more,
    )
    return says, why % {"more": result.more}


def _decided(standing: Standing, names: Mapping[int, str]) -> tuple[str, str]:
    result = standing.result
    count, total = _picks(standing, result.leader)
    says = _("Your friends’ choice: %(name)s") % {"name": names[result.leader or 0]}
    told = {"count": count, "total": total, "cases": cases(result.sure or 0.0)}
    why = _("%(count)s of %(total)s picked it. Asked of many more, it would lead in %(cases)s.")
    return says, why % told


def readers(owner_name: str, names_shown: str) -> str:
    """Return who will read what a friend writes, and whether with her name.

    Args:
        owner_name: of the gallery's owner; may be empty.
        names_shown: to whom she shows names, one of ``NamesShown``.
    """
    told = {"name": owner_name.split(" ")[0] or _("Your friend")}
    if names_shown == NamesShown.FRIENDS:
        return _("%(name)s and everybody who has voted here read it with your name.") % told
    return _("%(name)s reads it with your name; others who have voted here read it without.") % told


def cases(probability: float) -> str:
    """Return a probability as people count: 9 of 10 cases, 19 of 20, 99 of 100."""
    for whole in (10, 20, 100):
        part = int(probability * whole)
        if part < whole - 1 or (part == whole - 1 and probability * whole < whole - 0.5):
            return _("%(part)s of %(whole)s cases") % {"part": part, "whole": whole}
    return _("more than 99 of 100 cases")


def trust_words(counted: int, left_out: Mapping[str, int]) -> dict[str, Any]:
    """Return how many votes count and how many do not, and why.

    Args:
        counted: how many do.
        left_out: the others, by reason.

    Returns:
        ``says``, "7 counted, 3 left out", and ``reasons``: ``because``, ``count``, ``words``,
        ``may_vouch``: the owner may say that they are her friends.
    """
    out = sum(left_out.values())
    return {
        "out": out,
        "says": _("%(counted)s counted, %(out)s left out") % {"counted": counted, "out": out},
        "reasons": [
            {
                "because": because,
                "count": left_out[because],
                "words": LeftOut(because).label,
                "may_vouch": because in GUESSED,
            }
            for because in LeftOut.values
            if left_out.get(because)
        ],
    }
