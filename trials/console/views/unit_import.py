"""Units from a file: what it would do, by line, and then that very file."""

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from trials.console.forms import UnitFileForm
from trials.console.views.trials import staff_user
from trials.units.errors import NotAsSeenError, UnitFileError
from trials.units.services.importing import ImportOutlook, foresee_import, import_units
from trials.units.unit_file import MOST_LINES, decoded

# So many lines are named of each trouble; a file that was made wrongly has it in all.
SHOWN_LINES = 40
SALT = "console.unit-import"


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def unit_import(request: HttpRequest) -> HttpResponse:
    """Show what a file would do, and import the one that was looked at.

    The file is kept nowhere: the page brings it back, signed.
    """
    form, status = UnitFileForm(), 200
    context: dict[str, Any] = {"most": MOST_LINES}
    if request.method == "POST":
        importing = request.POST.get("way") == "import"
        form = form if importing else UnitFileForm(request.POST, request.FILES)
        try:
            text = _brought_back(request) if importing else _chosen(form)
            if importing and (made := _imported(request, text, context)) is not None:
                return made
            context |= _shown(foresee_import(text=text), text)
            status = 409 if importing else 200
        except LorgnetteError as error:
            status = error.status
            if form.is_bound and not form.errors:
                form.add_error("file", str(error))
            elif importing:
                context["refused"] = str(error)
    context["form"] = form
    return render(request, "trials/console/unit_import.html", context, status=status)


def _chosen(form: UnitFileForm) -> str:
    if not form.is_valid():
        raise UnitFileError(_("Choose a file."))
    return decoded(form.cleaned_data["file"].read())


def _brought_back(request: HttpRequest) -> str:
    try:
        return str(loads(request.POST.get("kept", ""), salt=SALT))
    except BadSignature as error:
        raise UnitFileError(_("The file did not come back whole. Choose it again.")) from error


def _imported(request: HttpRequest, text: str, context: dict[str, Any]) -> HttpResponse | None:
    """Import and lead to the units; nothing where it is not as it was looked at."""
    try:
        units = import_units(text=text, seen=request.POST.get("seen", ""), by=staff_user(request))
    except NotAsSeenError as error:
        context["refused"] = str(error)
        return None
    words = ngettext("%(n)s unit was imported.", "%(n)s units were imported.", len(units))
    messages.success(request, words % {"n": len(units)})
    keys = [unit.pk for unit in units]
    made = {"first": min(keys), "last": max(keys)}
    return redirect(f"{reverse('console:unit_list')}?{urlencode(made)}")


def _shown(outlook: ImportOutlook, text: str) -> dict[str, Any]:
    troubles = [
        {
            "words": trouble.label,
            "count": len(numbers),
            "lines": ", ".join(map(str, numbers[:SHOWN_LINES])),
            "more": max(len(numbers) - SHOWN_LINES, 0),
        }
        for trouble, numbers in outlook.troubles.items()
    ]
    kept = "" if troubles else dumps(text, salt=SALT, compress=True)
    return {"outlook": outlook, "troubles": troubles, "kept": kept}
