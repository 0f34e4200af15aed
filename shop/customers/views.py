"""Pages of a customer about herself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from shop.customers.access import caller
from shop.customers.forms import AddressForm, ProfileForm
from shop.customers.models import User
from shop.customers.queries import addresses_of
from shop.customers.services import add_address, retire_address, update_profile
from shop.foundation.card_numbers import CardNumberError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponseBase:
    """Show the account; take what she changed about herself."""
    user = caller(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            return _profile_saved(request, user, form.cleaned_data)
        except CardNumberError as error:
            form.add_error("name", str(error))
    context = {"form": form, "addresses": addresses_of(user), "ways": _ways()}
    return render(request, "shop/customers/account.html", context)


def _profile_saved(request: HttpRequest, user: User, chosen: dict[str, str]) -> HttpResponseBase:
    update_profile(
        user=user,
        name=chosen["name"],
        language=chosen["language"],
        time_zone=chosen["time_zone"],
    )
    messages.success(request, _("Your details are saved."))
    response = redirect("customers:account")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen["language"],
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Show pages in the language chosen; a customer's mail follows."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        user = caller(request)
        update_profile(user=user, name=user.name, language=chosen, time_zone=user.time_zone)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_add(request: HttpRequest) -> HttpResponseBase:
    """Take a new address; go on where she came from."""
    user = caller(request)
    form = AddressForm(
        request.POST or None, initial={"name": user.name, "country": settings.SHOP_COUNTRY}
    )
    if request.method == "POST" and form.is_valid():
        add_address(user=user, **form.cleaned_data)
        messages.success(request, _("The address is saved."))
        return redirect(_next(request))
    context = {"form": form, "next": _next(request)}
    return render(request, "shop/customers/address_form.html", context)


@login_required
@require_POST
def address_retire(request: HttpRequest, address_id: int) -> HttpResponseBase:
    """Take an address out of the account."""
    retire_address(user=caller(request), address_id=address_id)
    messages.success(request, _("The address is removed. Parcels on their way still go there."))
    return redirect("customers:account")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("customers:account")


def _ways() -> list[dict[str, str]]:
    """Return the ways on to what other rooms keep of her, named here by address only."""
    ways = [
        (_("Trials"), "trials:trial_list", "box"),
        (_("Waiting for"), "trials:waitlist", "clock"),
        (_("Galleries"), "sharing:gallery_list", "heart"),
        (_("Orders"), "orders:order_list", "cart"),
        (_("Tests"), "sharing:test_list", "glasses"),
        (_("Ideas"), "sharing:idea_list", "comment"),
        (_("Friends and credit"), "sharing:friends", "heart"),
        (_("What we write to you about"), "messages:choices", "mail"),
        (_("Cards"), "payments:card_list", "card"),
        (_("Email and password"), "account_change_password", "lock"),
        (_("Your data"), "sharing:privacy", "eye"),
    ]
    found = []
    for label, name, icon in ways:
        try:
            found.append({"label": label, "url": reverse(name), "icon": icon})
        except NoReverseMatch:
            # A floor above may be left out of an installation.
            continue
    return found
