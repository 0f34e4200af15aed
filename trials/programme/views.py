"""Programmes in the console: what counts, what comes, and the next version with its preview."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.customers.access import caller
from shop.customers.countries import COUNTRIES
from shop.foundation.access import staff_only
from shop.foundation.pages import page_links
from trials.programme.errors import RulesInvalidError
from trials.programme.example import example_of
from trials.programme.forms import VersionForm
from trials.programme.models import Programme, ProgrammeVersion
from trials.programme.previewing import sign_terms, were_shown
from trials.programme.queries import (
    programme_by,
    programmes,
    valid_version_of,
    version_by,
    versions_of,
)
from trials.programme.services import (
    PERMISSION,
    begin_version,
    check_may_publish,
    next_version,
    publish_version,
    withdraw_version,
)
from trials.programme.terms import changes, terms_of

VERSIONS_A_PAGE, PROGRAMMES_A_PAGE = 30, 50


def _where(programme: Programme) -> str:
    if not programme.countries:
        return _("Everywhere")
    return ", ".join(str(COUNTRIES.get(code, code)) for code in programme.countries)


@staff_only
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """List programmes with what counts now and what comes next."""
    page = Paginator(programmes(), PROGRAMMES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [{"programme": each, "where": _where(each)} for each in page.object_list],
        "may_add": caller(request).has_perm("trials.add_programme"),
        **page_links(page),
    }
    return render(request, "trials/console/programme_list.html", context)


@staff_only
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one programme: its terms as customers read them, and all its versions."""
    found = programme_by(slug)
    page = Paginator(versions_of(found), VERSIONS_A_PAGE).get_page(request.GET.get("page"))
    valid, now = valid_version_of(found), timezone.now()
    user = caller(request)
    context = {
        "programme": found,
        "where": _where(found),
        "valid": valid,
        "terms": terms_of(valid) if valid else [],
        "rows": [
            {"version": each, "coming": each.valid_from > now and each.withdrawn_at is None}
            for each in page.object_list
        ],
        "may_publish": user.has_perm(PERMISSION),
        "may_change": user.has_perm("trials.change_programme"),
        **page_links(page),
    }
    return render(request, "trials/console/programme.html", context)


@staff_only
@require_safe
def programme_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version: its terms, what it changed, and an example."""
    found = version_by(slug, number)
    kept = found.programme.versions.filter(withdrawn_at=None)
    before = kept.filter(number__lt=number).order_by("-number").first()
    now = timezone.now()
    context = {
        "version": found,
        "coming": found.valid_from > now and found.withdrawn_at is None,
        "may_publish": caller(request).has_perm(PERMISSION),
        **_shown(found, before, request),
    }
    return render(request, "trials/console/programme_version.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def programme_next(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the next version, show it as customers would read it, and publish what was shown."""
    user, found = caller(request), programme_by(slug)
    check_may_publish(user)
    # After one that is scheduled already, not before it.
    now, last = timezone.now(), versions_of(found).filter(withdrawn_at=None).first()
    scheduled = last.valid_from if last and last.valid_from > now else None
    if scheduled is not None and (scheduled.second or scheduled.microsecond):
        # The field knows whole minutes.
        scheduled = (scheduled + timedelta(minutes=1)).replace(second=0, microsecond=0)
    draft = begin_version(found, valid_from=scheduled or now)
    sent = request.POST if request.method == "POST" else None
    initial = {"after": draft.number - 1, "valid_from": scheduled}
    form = VersionForm(sent, instance=draft, initial=initial)
    context: dict[str, Any] = {"programme": found, "form": form, "number": draft.number}
    if sent is not None and form.is_valid():
        rules, seen = form.rules(), sent.get("seen", "")
        if sent.get("way") == "publish" and were_shown(slug, rules, seen):
            made = publish_version(
                programme_slug=slug, by=user, after=form.cleaned_data["after"], **rules
            )
            messages.success(request, _published_words(made))
            return redirect("console:programme", slug)
        try:
            version = next_version(found, **rules)
        except RulesInvalidError as error:
            form.add_error(None, str(error))
        else:
            context |= _shown(version, valid_version_of(found), request)
            context |= {"preview": version, "seen": sign_terms(slug, rules)}
            context["changed_since"] = sent.get("way") == "publish"
    status = 422 if form.errors else 200
    return render(request, "trials/console/programme_next.html", context, status=status)


@staff_only
@require_POST
def version_withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Call a version off before it counts."""
    done = withdraw_version(version_id=version_by(slug, number).pk, by=caller(request))
    messages.success(
        request,
        _("Version %(number)s is withdrawn. It will not count.") % {"number": done.number},
    )
    return redirect("console:programme", slug)


def _shown(
    version: ProgrammeVersion, before: ProgrammeVersion | None, request: HttpRequest
) -> dict[str, Any]:
    zone = caller(request).zone
    return {
        "terms": terms_of(version),
        "before": before,
        "changes": changes(before, version),
        "example": example_of(version, now=timezone.now(), zone=zone),
    }


def _published_words(version: ProgrammeVersion) -> str:
    if version.valid_from <= timezone.now():
        return _("Version %(number)s counts from now on. Trials under way keep their terms.") % {
            "number": version.number
        }
    return _("Version %(number)s counts from %(moment)s. Until then it can be withdrawn.") % {
        "number": version.number,
        "moment": date_format(timezone.localtime(version.valid_from), "DATETIME_FORMAT"),
    }
