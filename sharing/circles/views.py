"""Circles as pages: the list, their people, invitations. What was saved stands in ``bookmarks``."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.circles.forms import CircleForm, LinkInvitationForm, MailInvitationForm, RoleForm
from sharing.circles.queries import (
    circles_of,
    invitation_by,
    members_of,
    open_invitations,
    other_member,
    seat_of,
    sendable_invitation,
    shown_name,
    with_members,
)
from sharing.circles.services.inviting import invite, revoke_invitation
from sharing.circles.services.keeping import (
    archive_circle,
    create_circle,
    give_role,
    rename_circle,
    reopen_circle,
)
from sharing.circles.services.membership import join_circle, show_trials
from sharing.circles.states import CircleKind, Role
from sharing.galleries.visitors import keep_private
from shop.customers.access import caller
from shop.customers.models import User
from shop.customers.services import choose_name
from shop.foundation.errors import InvalidError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circle_list(request: HttpRequest) -> HttpResponse:
    """List a person's circles; make another one."""
    user = caller(request)
    form = CircleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        circle = create_circle(owner=user, name=form.cleaned_data["name"])
        messages.success(request, _("Your circle is there. Now invite the others."))
        return redirect("sharing:circle_people", circle.pk)
    circles = with_members(circles_of(user, kind=CircleKind.CUSTOMERS))
    cards = [
        {"circle": each, "names": [shown_name(one.user) for one in each.present[:5]]}  # type: ignore[attr-defined]
        for each in circles
    ]
    context = {"title": _("Circles"), "cards": cards, "form": form}
    return render(
        request, "sharing/circles/circle_list.html", context, status=422 if form.errors else 200
    )


@login_required
@require_safe
def circle_people(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show who is in a circle, how one comes in, and what may be changed."""
    user = caller(request)
    seat = seat_of(user=user, circle_id=circle_id)
    invitations = open_invitations(seat.circle) if seat.may_edit else []
    context = {
        "seat": seat,
        "circle": seat.circle,
        "members": [
            {"member": each, "name": shown_name(each.user), "is_me": each.user_id == user.pk}
            for each in members_of(seat.circle)
        ],
        "invitations": [
            {"row": each, "url": invitation_url(request, sendable_invitation(each))}
            for each in invitations
        ],
        "link_form": LinkInvitationForm(),
        "mail_form": MailInvitationForm(asks_name=not user.name),
        "name_form": CircleForm(initial={"name": seat.circle.name}),
    }
    response = render(request, "sharing/circles/people.html", context)
    keep_private(response)
    return response


@login_required
@require_POST
def circle_rename(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Give a circle another name."""
    name = _valid(CircleForm(request.POST), _("Give the circle a name of up to 60 characters."))
    rename_circle(by=caller(request), circle_id=circle_id, **name)
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_POST
def circle_archive(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Archive a circle."""
    archive_circle(by=caller(request), circle_id=circle_id)
    messages.success(request, _("The circle is archived. Its people can still read it."))
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_POST
def circle_reopen(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Open an archived circle again."""
    reopen_circle(by=caller(request), circle_id=circle_id)
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_POST
def circle_invite(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Make a link that lets people in, or mail one."""
    by_mail = "mail_to" in request.POST
    user = caller(request)
    if by_mail:
        form = MailInvitationForm(request.POST, asks_name=not user.name)
        wanted = _valid(form, _("Please check the address, and say what your friends call you."))
    else:
        wanted = _valid(LinkInvitationForm(request.POST), _("A link lets in 1 to 49 people."))
    user = choose_name(user=user, name=wanted.pop("called", ""))
    invite(by=user, circle_id=circle_id, **wanted)
    messages.success(
        request,
        _("The invitation is on its way.") if by_mail else _("Here is the link. Send it on."),
    )
    return redirect(reverse("sharing:circle_people", args=[circle_id]) + "#invitations")


@login_required
@require_POST
def circle_uninvite(
    request: HttpRequest, circle_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    """Withdraw an invitation."""
    revoke_invitation(by=caller(request), circle_id=circle_id, invitation_id=invitation_id)
    messages.success(request, _("The invitation is withdrawn. Nobody can come in by it any more."))
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_POST
def circle_role(request: HttpRequest, circle_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Make somebody editor or member."""
    role = _valid(RoleForm(request.POST), _("Choose what she is to be."))["role"]
    member = give_role(by=caller(request), circle_id=circle_id, member_id=member_id, role=role)
    words = {
        Role.EDITOR: _("%(name)s can now invite and tidy up."),
        Role.MEMBER: _("%(name)s is a member again."),
    }
    messages.success(request, words[Role(role)] % {"name": shown_name(member.user)})
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def circle_hand_over(
    request: HttpRequest, circle_id: uuid.UUID, member_id: uuid.UUID
) -> HttpResponse:
    """Ask whether the circle shall be handed over; hand it over at a POST alone."""
    user = caller(request)
    if request.method != "POST":
        member = other_member(owner=user, circle_id=circle_id, member_id=member_id)
        context = {"circle": member.circle, "name": shown_name(member.user)}
        return render(request, "sharing/circles/hand_over.html", context)
    member = give_role(by=user, circle_id=circle_id, member_id=member_id, role=Role.OWNER)
    words = _("The circle is now %(name)s’s.")
    messages.success(request, words % {"name": shown_name(member.user)})
    return redirect("sharing:circle_people", circle_id)


@login_required
@require_POST
def circle_trials_shown(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Let one's own trials be found in a circle, or no more."""
    shown = request.POST.get("shown") == "yes"
    show_trials(user=caller(request), circle_id=circle_id, shown=shown)
    words = _("Your trials can be found here now.") if shown else _("Your trials stay yours alone.")
    messages.success(request, words)
    return redirect("sharing:circle_people", circle_id)


@require_http_methods(["GET", "HEAD", "POST"])
def circle_join(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an invitation opens; only a visible act of a person logged in goes through it."""
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST":
        if user is None:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        user = choose_name(user=user, name=request.POST.get("called", ""))
        membership = join_circle(user=user, token=token)
        messages.success(request, _("Welcome to “%(name)s”.") % {"name": membership.circle.name})
        return redirect("sharing:circle", membership.circle_id)
    invitation = invitation_by(token, user=user)
    context = {
        "circle": invitation.circle,
        "inviter": shown_name(invitation.invited_by),
        "log_in_url": f"{reverse('account_login')}?next={request.path}",
        "sign_up_url": f"{reverse('account_signup')}?next={request.path}",
    }
    response = render(request, "sharing/circles/join.html", context)
    keep_private(response)
    return response


def invitation_url(request: HttpRequest, token: str) -> str:
    """Return the address of an invitation; nothing where it cannot be shown again."""
    if not token:
        return ""
    return request.build_absolute_uri(reverse("sharing:circle_join", args=[token]))


def _valid(form: forms.Form, wrong: str) -> dict[str, Any]:
    if not form.is_valid():
        raise InvalidError(wrong)
    return form.cleaned_data
