"""A circle's page: what its people saved, its question, its tags; going out of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.bookmarks.forms import AskForm, MergeForm
from sharing.bookmarks.models import TagMerge
from sharing.bookmarks.queries.answering import who_tried
from sharing.bookmarks.queries.colleagues import memory
from sharing.bookmarks.queries.finding import found, tags_among
from sharing.bookmarks.services.leaving import leave_circle, remove_member
from sharing.bookmarks.services.merging import merge_tags
from sharing.bookmarks.views.finding import asked_tag, asked_words, listed, private
from sharing.circles.queries import members_of, other_member, seat_of, shown_name
from sharing.circles.services.keeping import only_editors
from shop.customers.access import caller
from shop.foundation.errors import InvalidError


@login_required
@require_safe
def circle(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what was saved for a circle, by tag and by words."""
    user = caller(request)
    seat = seat_of(user=user, circle_id=circle_id)
    if seat.circle.is_staffs:
        return redirect("sharing:staff_circle", circle_id)
    tag, words = asked_tag(request), asked_words(request)
    bookmarks = found(user, circle=seat.circle, tag=tag, words=words)
    context = listed(request, bookmarks, cloud=found(user, circle=seat.circle), tag=tag)
    names = [shown_name(each.user) for each in members_of(seat.circle)[:6]]
    context |= {
        "seat": seat,
        "circle": seat.circle,
        "title": seat.circle.name,
        "names": names,
        "words": words,
    }
    return private(render(request, "sharing/bookmarks/circle.html", context))


@login_required
@require_safe
def circle_who(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Answer who of a circle tried frames of a kind."""
    user = caller(request)
    seat = seat_of(user=user, circle_id=circle_id)
    form = AskForm(request.GET or None)
    asked = form.asked()
    answers = who_tried(viewer=user, circle=seat.circle, asked=asked)
    context = {
        "seat": seat,
        "circle": seat.circle,
        "form": form if form.is_bound else AskForm(),
        "asked": asked.anything,
        "answers": [
            {
                "name": shown_name(each.person),
                "is_me": each.person == user,
                "frames": [
                    {"tried": tried, "url": reverse("catalogue:frame", args=[tried.handle])}
                    for tried in each.frames
                ],
            }
            for each in answers
        ],
    }
    return private(render(request, "sharing/bookmarks/who.html", context))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circle_tags(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show a circle's tags to its editors, and make one another."""
    user = caller(request)
    seat = seat_of(user=user, circle_id=circle_id)
    if request.method == "POST":
        form = MergeForm(request.POST)
        if not form.is_valid():
            raise InvalidError(_("Name both tags."))
        merged = merge_tags(by=user, circle_id=circle_id, **form.cleaned_data)
        words = _("#%(old)s is now #%(new)s.") % {"old": merged.from_tag, "new": merged.to_tag}
        messages.success(request, words)
        return redirect("sharing:circle_tags", circle_id)
    only_editors(seat)
    everything = (
        memory(user, seat.circle) if seat.circle.is_staffs else found(user, circle=seat.circle)
    )
    context = {
        "circle": seat.circle,
        "tags": tags_among(everything, user, most=100),
        "form": MergeForm(),
        "merges": [
            {"row": each, "by": shown_name(each.actor) if each.actor else ""}
            for each in TagMerge.objects.filter(circle=seat.circle).select_related("actor")[:20]
        ],
    }
    return private(render(request, "sharing/bookmarks/tags.html", context))


@login_required
@require_POST
def circle_leave(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Leave a circle."""
    membership = leave_circle(user=caller(request), circle_id=circle_id)
    words = _("You have left “%(name)s”. What you saved there is yours alone now.")
    messages.success(request, words % {"name": membership.circle.name})
    return redirect("sharing:circle_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circle_remove(request: HttpRequest, circle_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Ask whether somebody shall be taken out of one's circle; take her out at a POST alone."""
    user = caller(request)
    if request.method != "POST":
        member = other_member(owner=user, circle_id=circle_id, member_id=member_id)
        context = {"circle": member.circle, "name": shown_name(member.user)}
        return render(request, "sharing/circles/take_out.html", context)
    membership = remove_member(by=user, circle_id=circle_id, member_id=member_id)
    words = _("%(name)s is no longer in the circle.")
    messages.success(request, words % {"name": shown_name(membership.user)})
    return redirect("sharing:circle_people", circle_id)
