"""Giving a customer all that is held of her: a ZIP made by a worker, there for a few days."""

import json
import secrets
import tempfile
import uuid
import zipfile
from datetime import timedelta

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.privacy.errors import ExportMissingError
from sharing.privacy.models import DataExport, DataExportTransition
from sharing.privacy.states import EXPORT_MOVES, ExportState
from shop.customers.models import User
from shop.foundation.errors import TooManyError
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.privacy import personal_data
from shop.foundation.private_files import private_storage
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

EXPORT_LIVES = timedelta(days=7)
EXPORTS_A_DAY = 3
READ_ME = """\
All that this shop holds of you, made at {at}.

Each .json file is one topic, as docs/privacy.md of the shop's software lists them. Photos lie
under photos/ by their id. Times are in UTC. Payments name your cards by their last four digits:
their numbers are at the payment provider and never were here.
"""


def request_export(*, user: User, by: User) -> DataExport:
    """Have all that is held of a customer put together; one under way already is returned.

    Args:
        user: whose; she alone can fetch it.
        by: herself, or staff who got her letter.

    Raises:
        TooManyError: ``EXPORTS_A_DAY`` were made within a day.
    """
    with transaction.atomic():
        lock_row(User, user.pk)
        mine = DataExport.objects.filter(user=user)
        under_way = mine.filter(state=ExportState.REQUESTED).first()
        if under_way is not None:
            return under_way
        day = timedelta(days=1)
        recent = mine.filter(requested_at__gt=timezone.now() - day).order_by("requested_at")
        if len(recent) >= EXPORTS_A_DAY:
            wait = recent[0].requested_at + day - timezone.now()
            raise TooManyError(
                _("That was too often. Your data is put together %(limit)s times a day.")
                % {"limit": EXPORTS_A_DAY},
                retry_after=max(int(wait.total_seconds()), 1),
            )
        export = DataExport.objects.create(user=user, file=f"exports/{secrets.token_hex(20)}.zip")
        DataExportTransition.objects.create(
            subject=export, from_state="", to_state=export.state, actor=by
        )
        publish("privacy.export", {"export": str(export.pk)})
        return export


def build_export(export_id: uuid.UUID) -> None:
    """Put an export together and tell its owner. Bears to be repeated, and to be killed."""
    export = DataExport.objects.select_related("user").get(pk=export_id)
    if export.state != ExportState.REQUESTED:
        return
    with tempfile.TemporaryFile() as made:
        _write(export.user, made)
        size = made.tell()
        made.seek(0)
        # What a worker left behind that was killed at this very place.
        private_storage().delete(export.file)
        private_storage().save(export.file, File(made))
    with transaction.atomic():
        export = lock_row(DataExport, export_id, related=("user",))
        if export.state == ExportState.REQUESTED:
            now = timezone.now()
            fields = {"size": size, "ready_at": now, "expires_at": now + EXPORT_LIVES}
            move(
                export,
                ExportState.READY,
                moves=EXPORT_MOVES,
                history=DataExportTransition,
                fields=fields,
            )
            notify(
                user=export.user,
                topic=Topic.SECURITY,
                template="export_ready",
                context={"days": EXPORT_LIVES.days, "path": reverse("sharing:privacy")},
                key=f"export_ready:{export.pk}",
                about=export.pk,
            )
        elif export.state == ExportState.DELETED:
            # Its person was erased while it was written.
            publish("photos.delete_files", {"names": [export.file]})


def delete_export(export_id: uuid.UUID) -> None:
    """Delete an export and its file; one deleted before stays so."""
    with transaction.atomic():
        export = lock_row(DataExport, export_id)
        if export.state == ExportState.DELETED:
            return
        move(export, ExportState.DELETED, moves=EXPORT_MOVES, history=DataExportTransition)
        publish("photos.delete_files", {"names": [export.file]})


def delete_expired(*, limit: int = 200) -> int:
    """Delete the exports whose days are over, and return how many."""
    due = DataExport.objects.filter(state=ExportState.READY, expires_at__lte=timezone.now())
    ids = list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])
    for export_id in ids:
        delete_export(export_id)
    return len(ids)


def export_for(*, user: User, export_id: uuid.UUID) -> DataExport:
    """Return an export that its owner can fetch now.

    Raises:
        ExportMissingError: there is none, it is not ready or over, or it is somebody else's.
    """
    ready = DataExport.objects.filter(pk=export_id, user=user, state=ExportState.READY)
    export = ready.filter(expires_at__gt=timezone.now()).first()
    if export is None:
        raise ExportMissingError(_("There is no such export any more. Ask for a new one."))
    return export


def _write(user: User, file: object) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        at = timezone.now().isoformat(timespec="minutes")
        archive.writestr("README.txt", READ_ME.format(at=at))
        for room in personal_data():
            topic = room.name.replace(".", "-")
            if room.export is not None:
                held = room.export(user)
                text = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
                archive.writestr(f"{topic}.json", text)
            for name, stored in room.files(user) if room.files is not None else ():
                with private_storage().open(stored, "rb") as opened:
                    archive.writestr(f"{topic.partition('-')[2]}/{name}", opened.read())
