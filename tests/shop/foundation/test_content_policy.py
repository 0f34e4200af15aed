"""Every answer bears the policy of the settings, or the stricter one of its view."""

import pytest
from csp.constants import HEADER, NONCE
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from shop.foundation.content_policy import ContentPolicyMiddleware


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))


def with_a_header(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={HEADER: "default-src 'none'"})


def directives(answer: HttpResponse) -> set[str]:
    return set(filter(None, answer.headers.get(HEADER, "").split("; ")))


@pytest.mark.parametrize(
    "asked",
    [
        view,
        with_a_header,
        csp_exempt()(view),
        csp_update({"img-src": "https://pictures.example"})(view),
    ],
)
def test_it_says_what_django_csp_would_say(asked) -> None:
    request = RequestFactory().get("/")

    ours, theirs = ContentPolicyMiddleware(asked)(request), CSPMiddleware(asked)(request)

    assert directives(ours) == directives(theirs)


def test_a_page_with_a_nonce_names_it_where_the_policy_asks_for_one() -> None:
    asking = {"DIRECTIVES": {"script-src": [NONCE]}}
    with override_settings(CONTENT_SECURITY_POLICY=asking):
        answer = ContentPolicyMiddleware(with_nonce)(RequestFactory().get("/"))

    assert f"script-src 'nonce-{answer.content.decode()}'" in directives(answer)


def test_addresses_that_the_settings_exempt_bear_none() -> None:
    exempt = {**settings.CONTENT_SECURITY_POLICY, "EXCLUDE_URL_PREFIXES": ["/open/"]}
    with override_settings(CONTENT_SECURITY_POLICY=exempt):
        middleware = ContentPolicyMiddleware(view)

        assert HEADER not in middleware(RequestFactory().get("/open/door/")).headers
        assert HEADER in middleware(RequestFactory().get("/closed/")).headers
