"""All addresses of the trials floor: customers' pages, the console, the API."""

from django.urls import URLPattern

from trials.at_home import urls as at_home
from trials.claims import urls as claims
from trials.console import urls as console
from trials.economics import urls as economics
from trials.evidence import urls as evidence
from trials.fulfilment import urls as fulfilment
from trials.home_trials import urls as home_trials
from trials.planning import urls as planning
from trials.programme import urls as programme
from trials.reports import urls as reports
from trials.returns import urls as returns
from trials.risk import urls as risk
from trials.shipping import urls as shipping
from trials.swaps import urls as swaps
from trials.units import urls as units

app_name = "trials"

urlpatterns: list[URLPattern] = [
    *home_trials.urlpatterns,
    *at_home.urlpatterns,
    *shipping.urlpatterns,
    *units.urlpatterns,
    *swaps.urlpatterns,
    *evidence.urlpatterns,
    *reports.urlpatterns,
    *returns.customer_urlpatterns,
    *risk.urlpatterns,
]

console_urlpatterns: list[URLPattern] = [
    *console.urlpatterns,
    *economics.console_urlpatterns,
    *planning.console_urlpatterns,
    *returns.urlpatterns,
    *programme.urlpatterns,
    *risk.console_urlpatterns,
]

api_urlpatterns: list[URLPattern] = [
    *console.api_urlpatterns,
    *economics.api_urlpatterns,
    *planning.api_urlpatterns,
    *home_trials.api_urlpatterns,
    *at_home.api_urlpatterns,
    *shipping.api_urlpatterns,
    *fulfilment.api_urlpatterns,
    *returns.api_urlpatterns,
    *programme.api_urlpatterns,
    *units.api_urlpatterns,
    *swaps.api_urlpatterns,
    *risk.api_urlpatterns,
    *evidence.api_urlpatterns,
    *reports.api_urlpatterns,
    *claims.api_urlpatterns,
]
