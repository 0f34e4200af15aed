"""Every address of the shop: pages, API, console, webhooks."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import sharing.urls
import shop.analytics.urls
import shop.catalogue.urls
import shop.customers.urls
import shop.messages.urls
import shop.orders.urls
import shop.payments.urls
import trials.urls
from shop.customers.log_in_schema import PHONE_WAYS
from shop.customers.views import choose_language
from shop.foundation.access import admin_log_in
from shop.foundation.media import public_file
from shop.foundation.problem_pages import nothing_here
from shop.foundation.robots import robots
from shop.styleguide import styleguide

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html"),
        name="api-docs",
    ),
    *shop.catalogue.urls.api_urlpatterns,
    *shop.customers.urls.api_urlpatterns,
    *shop.messages.urls.api_urlpatterns,
    *shop.payments.urls.api_urlpatterns,
    *shop.orders.urls.api_urlpatterns,
    *shop.analytics.urls.api_urlpatterns,
    *trials.urls.api_urlpatterns,
    *sharing.urls.api_urlpatterns,
]

# A friend waits on her phone: her pages are looked for before the others, and the sharing floor's
# many addresses by nobody else, for each of them begins with one of these words.
SHARING = "|".join(sorted({str(each.pattern).split("/")[0] for each in sharing.urls.urlpatterns}))

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", RedirectView.as_view(url="/static/icons/favicon.svg"), name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("media/<path:name>", public_file, name="public_file"),
    re_path(rf"^(?=(?:{SHARING})/)", include("sharing.urls")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("admin/login/", admin_log_in),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    # allauth opens these to every shop; accounts here have no telephone.
    *(path(f"api/v1/auth/app/v1/{way}", nothing_here) for way in PHONE_WAYS),
    path("api/v1/auth/", include("allauth.headless.urls")),
    path("api/v1/", include(api_urlpatterns)),
    path("", include("shop.catalogue.urls")),
    path("", include("shop.customers.urls")),
    path("", include("shop.messages.urls")),
    path("", include("shop.payments.urls")),
    path("", include("shop.orders.urls")),
    path("console/", include("shop.analytics.urls")),
    path("console/", include((trials.urls.console_urlpatterns, "console"))),
    path("", include("trials.urls")),
]

handler400 = "shop.foundation.problem_pages.bad_request"
handler403 = "shop.foundation.problem_pages.not_allowed"
handler404 = "shop.foundation.problem_pages.page_not_found"
handler500 = "shop.foundation.problem_pages.server_error"

if settings.EMBEDDED:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
