"""Circles and saved frames for the pages: Mia's sisters, and a workshop of colleagues."""

from sharing.bookmarks.services.feed_tokens import new_feed_token
from sharing.bookmarks.services.following import follow_tag
from sharing.bookmarks.services.saving import save_frame, save_note
from sharing.circles.services.inviting import invite
from sharing.circles.states import CircleKind
from sharing.circles.tokens import invitation_token
from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.circles import circle_of
from trials.home_trials.models import Trial

SAID = (
    (["narrow bridge", "for work"], "Sits where my old pair slips. The bridge is narrow."),
    (["round", "light"], ""),
    (["bold"], "For evenings."),
)


def circle_paths(
    mia: User, nora: User, colleagues: list[User], variants: list[Variant], trial: Trial
) -> dict[str, str]:
    """Let Mia and Nora save, and colleagues note; return the pages' addresses."""
    circle = circle_of(mia, nora, name="Sisters")
    # One colour of each frame; Hugo and Greta are saved by a test.
    first = {each.frame.handle: each for each in reversed(variants)}
    variants = [first[handle] for handle in ("ada", "clara", "iris", "klee")]
    for (tags, note), variant in zip(SAID, variants, strict=False):
        said = {"tags": tags, "note": note, "audience": "circle", "circle_id": circle.pk}
        saved = save_frame(owner=mia, variant_id=variant.pk, **said)
    nora_saved = {"tags": ["round"], "audience": "public", "note": "Light as nothing."}
    save_frame(owner=nora, variant_id=variants[1].pk, **nora_saved)
    follow_tag(follower=mia, tag="round")
    new_feed_token(user=mia)
    invitation = invite(by=mia, circle_id=circle.pk, label="Cousins", most_uses=5)
    work = circle_of(*colleagues, name="Workshop", kind=CircleKind.STAFF)
    note = {"tags": ["hinge"], "note": "The left hinge of this one wants oil before it goes out."}
    save_note(by=colleagues[0], circle_id=work.pk, kind="trial", key=trial.pk, **note)
    save_note(by=colleagues[0], circle_id=work.pk, kind="customer", key=mia.pk, note="Likes calls.")
    circle_url = f"/circles/{circle.pk}/"
    nora_url = f"{circle_url}people/{circle.memberships.get(user=nora).pk}/"
    return {
        "circle": circle_url,
        "circle people": f"{circle_url}people/",
        "circle hand over": f"{nora_url}hand-over/",
        "circle take out": f"{nora_url}remove/",
        "circle who": f"{circle_url}who/?shape=round",
        "circle tags": f"{circle_url}tags/",
        "join": f"/circles/join/{invitation_token(invitation.pk)}/",
        "save": f"/saved/new/?variant={variants[3].pk}",
        "save change": f"/saved/{saved.pk}/",
        "person": f"/saved/people/{nora.shelf.pk}/",
        "staff circle": f"/console/circles/{work.pk}/",
        "console trial noted": f"/console/trials/{trial.number}/",
    }
