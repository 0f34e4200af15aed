"""A link sent by a mail of the shop's, to one address its owner names."""

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from sharing.galleries.preview_files import card_words
from sharing.galleries.queries import link_missing, own_link, sendable_token
from sharing.galleries.questions import as_read
from sharing.galleries.services.links import note_shared
from sharing.galleries.words import names_a_place, usual_question
from shop.customers.models import User
from shop.customers.services import name_in_mail
from shop.messages.addresses import hashed
from shop.messages.services.notifying import notify_address
from shop.messages.topics import Topic


def mail_link(*, owner: User, gallery_id: uuid.UUID, link_id: uuid.UUID, address: str) -> None:
    """Mail a link to somebody, once a link and address; the caller has counted it.

    The address goes to the outbox and is kept nowhere else; where somebody wants no such mail,
    none is sent, and nobody is told so.

    Args:
        owner: whose gallery it must be.
        gallery_id: the gallery.
        link_id: one of its links.
        address: of a friend.

    Raises:
        LinkMissingError: she has no such link, or it opens no more.
        NameMissingError: the mail could not say who asks.
    """
    link = own_link(user=owner, gallery_id=gallery_id, link_id=link_id)
    token = sendable_token(link)
    if not token:
        raise link_missing()
    path, closed = reverse("sharing:friend_gallery", args=[token]), not link.gallery.takes_votes
    with translation.override(owner.language):
        usual = usual_question(link.gallery)
    question = as_read(link.gallery.question, owner.language)
    question = usual if names_a_place(question) else question
    name = name_in_mail(owner).split(" ")[0]
    with transaction.atomic():
        cause = note_shared(owner=owner, gallery_id=gallery_id, link_id=link_id)
        notify_address(
            address=address,
            topic=Topic.INVITATION,
            template="invitation",
            context={
                "asks": card_words(name, owner.language, closed=closed),
                "closed": closed,
                "question": question,
                "path": path,
            },
            key=f"invitation:{link.pk}:{hashed(address)}",
            about=link.pk,
            caused_by=cause,
            language=owner.language,
        )
