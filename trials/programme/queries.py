"""The rules that count now."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.programme.errors import NoProgrammeError
from trials.programme.models import ProgrammeVersion


def current_version() -> ProgrammeVersion:
    """Return the version new trials are placed under, with its programme.

    Raises:
        NoProgrammeError: no active programme has a version that is valid yet.
    """
    version = (
        ProgrammeVersion.objects.select_related("programme")
        .filter(programme__active=True, valid_from__lte=timezone.now())
        .order_by("programme_id", "-number")
        .first()
    )
    if version is None:
        raise NoProgrammeError(_("Home trials are not offered at the moment. Please come back."))
    return version
