"""The content security policy in each answer's head."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """Send the policy of the settings, put together once; django-csp does so for each answer anew.

    Whatever has a policy of its own is left to django-csp: a view that was decorated, a page with a
    nonce, a debug page. So are settings that exempt addresses or report only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._policy = build_policy()
        plain = set(settings.CONTENT_SECURITY_POLICY) == {"DIRECTIVES"}
        reports = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        self._is_constant = plain and not reports and not settings.DEBUG

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the header to an answer that brings none."""
        own = getattr(request, "_csp_nonce", None) is not None or any(
            # The decorators of django-csp leave ``_csp_replace`` and the like on the answer.
            name.startswith("_csp")
            for name in vars(response)
        )
        if own or not self._is_constant:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response
