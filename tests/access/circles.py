"""The owner's circle, what she saved, and the circle of those who work in the shop."""

from typing import Any

from sharing.bookmarks.models import Follow
from sharing.bookmarks.services.feed_tokens import new_feed_token
from sharing.bookmarks.services.following import follow_tag
from sharing.bookmarks.services.saving import save_frame, save_note
from sharing.circles.services.inviting import invite
from sharing.circles.services.keeping import create_circle
from sharing.circles.services.membership import join_circle
from sharing.circles.states import CircleKind
from sharing.circles.tokens import invitation_token
from shop.customers.models import User
from tests.factories.circles import join
from tests.factories.shop import UserFactory

CIRCLE, CIRCLE_NOTE = "Kreis der Schwestern", "Geheime Notiz"


def circle_things(owner: User, manager: User | None, ops: User, variant_id: int) -> dict[str, Any]:
    """Return the owner's things, by the names the table has for them."""
    assert manager is not None
    circle = create_circle(owner=owner, name=CIRCLE)
    invitation = invite(by=owner, circle_id=circle.pk, most_uses=9)
    sister = UserFactory(name="Schwester Nummer")
    member = join_circle(user=sister, token=invitation_token(invitation.pk))
    said = {"tags": ["geheim"], "note": CIRCLE_NOTE, "variant_id": variant_id}
    bookmark = save_frame(owner=owner, audience="circle", circle_id=circle.pk, **said)
    hers = save_frame(owner=sister, audience="circle", circle_id=circle.pk, **said)
    stranger = UserFactory(name="Paula Offen")
    save_frame(owner=stranger, audience="public", variant_id=variant_id)
    open_follow: Follow = follow_tag(follower=owner, tag="geheim")
    works = create_circle(owner=manager, name="Werkstatt", kind=CircleKind.STAFF)
    join(works, ops)
    note = save_note(by=ops, circle_id=works.pk, kind="customer", key=owner.pk, note="Kommt gern")
    # A circle that opens by its link to everybody is no secret to whoever holds the link.
    other = create_circle(owner=stranger, name="Offener Kreis")
    return {
        "circle": circle.pk,
        "invitation": invitation.pk,
        "invitation_token": invitation_token(
            invite(by=stranger, circle_id=other.pk, most_uses=9).pk
        ),
        "member": member.pk,
        "bookmark": bookmark.pk,
        "open_circle": other.pk,
        "near_shelf": hers.owner.shelf.pk,
        "public_shelf": stranger.shelf.pk,
        "follow": open_follow.pk,
        "feed_token": new_feed_token(user=stranger),
        "tag": "geheim",
        "atom": "atom",
        "staff_circle": works.pk,
        "staff_note": note.pk,
    }


def circle_forms(things: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is sent to routes that read their input before they look for the thing."""
    name, merge = {"name": "Neu"}, {"from_tag": "geheim", "to_tag": "offen"}
    return {
        "sharing:circle_rename": name,
        "sharing:circle_role": {"role": "editor"},
        "sharing:circle_invite": {"most_uses": "3"},
        "sharing:circle_tags": merge,
        "api-circle": name,
        "api-circle-role": {"role": "editor"},
        "api-circle-trials": {"shown": True},
        "api-tags-merge": merge,
    }
