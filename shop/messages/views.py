"""Pages: what somebody is written to about, and the address in a mail by which that ends."""

from pathlib import Path

from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from shop.customers.access import caller
from shop.messages.forms import ChoicesForm
from shop.messages.queries import choices_of
from shop.messages.services.choosing import choose, read_unsubscribing, unsubscribe
from shop.messages.services.sending import topic_words
from shop.messages.web_push import public_key

PUSH_WORKER = Path(__file__).resolve().parents[1] / "static" / "js" / "push-worker.js"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponseBase:
    """Show what she is written to about; take what she changed."""
    user = caller(request)
    form = ChoicesForm(request.POST or None, choices=choices_of(user))
    if request.method == "POST" and form.is_valid():
        choose(user=user, deliveries=form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("messages:choices")
    context = {"form": form, "push_key": public_key()}
    return render(request, "shop/messages/choices.html", context)


# From the root, for a worker only rules what lies below it. It may fetch nothing at all.
@require_safe
@csp({"default-src": ["'none'"]})
def push_worker(request: HttpRequest) -> HttpResponse:
    """Send the script by which a browser shows messages while no page of ours is open."""
    response = HttpResponse(PUSH_WORKER.read_bytes(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


# A mail program posts here by itself (RFC 8058): it has no cookie and no token of a form. What
# stands in the address is the permission, and all it gives.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mails shall end; end them at a POST alone, for scanners open every address."""
    if request.method == "POST":
        says, done = unsubscribe(token=token), True
    else:
        says, done = read_unsubscribing(token), False
    context = {"topic_words": topic_words(says.topics), "done": done}
    response = render(request, "shop/messages/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
