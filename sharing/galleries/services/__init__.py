"""Writes of the room, by use case."""

from sharing.galleries.services.ending import (
    archive_gallery,
    bring_back_gallery,
    close_bought,
    close_due,
    close_gallery,
    close_unreachable,
    reopen_gallery,
)
from sharing.galleries.services.galleries import (
    change_settings,
    create_frames_gallery,
    create_gallery,
)
from sharing.galleries.services.invitations import mail_link
from sharing.galleries.services.links import (
    LINK_LIFE,
    OPEN_LINKS_A_GALLERY,
    admit,
    create_link,
    first_link,
    label_link,
    note_shared,
    note_view,
    revoke_link,
)

__all__ = [
    "LINK_LIFE",
    "OPEN_LINKS_A_GALLERY",
    "admit",
    "archive_gallery",
    "bring_back_gallery",
    "change_settings",
    "close_bought",
    "close_due",
    "close_gallery",
    "close_unreachable",
    "create_frames_gallery",
    "create_gallery",
    "create_link",
    "first_link",
    "label_link",
    "mail_link",
    "note_shared",
    "note_view",
    "reopen_gallery",
    "revoke_link",
]
