"""The stylist's queue in the console: who waits longest comes first."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.galleries.queries import photo_in_gallery, shown_frames
from sharing.photos.models import Photo, PhotoState
from sharing.photos.queries import ready_photos
from sharing.photos.responses import photo_file
from sharing.stylist.answer_times import PROMISE, Times, answer_times
from sharing.stylist.errors import MessageInvalidError, ThreadMovedOnError
from sharing.stylist.forms import AnswerForm, SeenForm
from sharing.stylist.models import Thread
from sharing.stylist.pages import in_words, lines_of
from sharing.stylist.pictures import drop_picture, keep_picture
from sharing.stylist.queries import last_words, staff_thread, threads_in, waiting
from sharing.stylist.services import answer, close_thread, reopen_thread
from sharing.stylist.states import ThreadState
from shop.analytics.views import interval_words, period_of, rate_words
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.pages import page_links
from trials.home_trials.queries import trial_lines

THREADS_A_PAGE = 30
PERIODS = (28, 90, 365)


@staff_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List threads: those that wait, unless others are asked for."""
    state = request.GET.get("state", ThreadState.WAITING)
    page = Paginator(threads_in(state), THREADS_A_PAGE).get_page(request.GET.get("page"))
    threads = list(page.object_list)
    said, now = last_words(threads), timezone.now()
    rows = [
        {
            "thread": thread,
            "last": said.get(thread.pk),
            "waited": in_words(now - thread.waiting_since) if thread.waiting_since else "",
            "late": thread.waiting_since is not None and now - thread.waiting_since > PROMISE,
        }
        for thread in threads
    ]
    waits = waiting().count
    pills = [
        {
            "label": label,
            "url": f"?state={value}",
            "active": value == state,
            "count": waits if value == ThreadState.WAITING else None,
        }
        for value, label in (*ThreadState.choices, ("all", _("All")))
    ]
    context = {"rows": rows, "pills": pills, "state": state, **page_links(page, state=state)}
    return render(request, "sharing/stylist/queue.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Show one thread with what it is about, and take an answer.

    What was written stays in the form where somebody else was faster.
    """
    found = staff_thread(thread_id)
    form = AnswerForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        problem = _answered(request, found, form)
        if problem is None:
            messages.success(request, _("Answered. The customer is told by mail."))
            return redirect("sharing:stylist_queue")
        status = problem.status
        messages.error(request, str(problem))
        if isinstance(problem, ThreadMovedOnError):
            found = staff_thread(thread_id)
    lines = lines_of(found, for_staff=True)
    last = lines[-1]["message"].pk if lines else 0
    now = timezone.now()
    context = {
        "thread": found,
        "lines": lines,
        "last": last,
        "text": request.POST.get("text", ""),
        "form": form,
        "waited": in_words(now - found.waiting_since) if found.waiting_since else "",
        **_about(found),
        "entries": _entries(found),
    }
    return render(request, "sharing/stylist/thread.html", context, status=status)


def _answered(request: HttpRequest, found: Thread, form: AnswerForm) -> LorgnetteError | None:
    if not form.is_valid():
        return MessageInvalidError(_("Write an answer of up to 1000 characters, or add a picture."))
    original = ""
    try:
        file = form.cleaned_data["picture"]
        original = keep_picture(file) if file else ""
        answer(
            thread_id=found.pk,
            by=caller(request),
            seen=form.cleaned_data["seen"],
            text=form.cleaned_data["text"],
            original=original,
        )
    except LorgnetteError as error:
        drop_picture(original)
        return error
    return None


def _about(found: Thread) -> dict[str, Any]:
    """Return the frames a thread is about and the customer's photos in them."""
    if found.gallery is not None:
        shown = [
            (each.item.variant, each.image_url, each.photos) for each in shown_frames(found.gallery)
        ]
    else:
        lines = trial_lines(found.trial) if found.trial else []
        taken = ready_photos(line.item.pk for line in lines)
        shown = [(line.item.variant, line.image_url, taken.get(line.item.pk, [])) for line in lines]
    return {
        "frames": [{"name": variant, "image_url": url} for variant, url, _photos in shown],
        "photos": [
            {
                "url": reverse("sharing:stylist_photo", args=[found.pk, photo.pk, 320, "webp"]),
                "name": variant,
            }
            for variant, _url, photos in shown
            for photo in photos
        ],
    }


def _entries(found: Thread) -> list[dict[str, Any]]:
    return [
        {
            "title": ThreadState(each.to_state).label,
            "at": each.at,
            "by": each.actor or _("the shop"),
            "note": each.note,
        }
        for each in found.transitions.select_related("actor").order_by("-at", "-pk")
    ]


@staff_only
@require_safe
def photo(
    request: HttpRequest, thread_id: uuid.UUID, photo_id: uuid.UUID, size: int, extension: str
) -> FileResponse:
    """Send a photo of the trial a customer asked about: she asks how the frames look on her."""
    found = staff_thread(thread_id)
    if found.gallery is not None:
        shown = photo_in_gallery(found.gallery, photo_id) is not None
    else:
        ready = Photo.objects.filter(pk=photo_id, state=PhotoState.READY)
        shown = ready.filter(trial_item__trial=found.trial_id).exists()
    if not shown:
        raise Http404
    return photo_file(photo_id, size, extension)


@staff_only
@require_POST
def close(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Take a thread off the queue."""
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    close_thread(thread_id=thread_id, by=caller(request), seen=seen)
    messages.success(request, _("The thread is closed. The customer may ask again."))
    return redirect("sharing:stylist_queue")


@staff_only
@require_POST
def reopen(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Put a thread back."""
    reopen_thread(thread_id=thread_id, by=caller(request))
    messages.success(request, _("The thread is open again."))
    return redirect("sharing:stylist_thread", thread_id)


@staff_only
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """Show how long customers waited."""
    since, until, days = period_of(request)
    found = answer_times(since=since, until=until)
    here = reverse("sharing:stylist_times")
    context = {
        "groups": [
            {"title": _("First answer"), "stats": _stats(found.first)},
            {"title": _("Every answer"), "stats": _stats(found.every)},
        ],
        "pills": [
            {
                "label": _("%(n)s days") % {"n": each},
                "url": f"{here}?days={each}",
                "active": each == days,
            }
            for each in PERIODS
        ],
    }
    return render(request, "sharing/stylist/times.html", context)


def _stats(of: Times) -> list[dict[str, Any]]:
    few = _("too few to say") if of.median is None else ""
    return [
        {"label": _("Questions"), "value": of.asked, "note": ""},
        {"label": _("Answered"), "value": of.answered, "note": ""},
        {"label": _("Half within"), "value": in_words(of.median), "note": few},
        {"label": _("Nine of ten within"), "value": in_words(of.p90), "note": few},
        {
            "label": _("Within 24 hours"),
            "value": rate_words(of.within),
            "note": interval_words(of.within),
        },
    ]
