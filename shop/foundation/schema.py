"""The API's schema: what every operation may answer besides what its view declares."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAuthenticated

from shop.foundation.problems import CONTENT_TYPE, ProblemSerializer

MEANINGS = {
    "400": "Malformed, or some of the input cannot be taken: `errors` says which.",
    "401": "Nobody is logged in: the session token is missing or no longer good.",
    "403": "The caller may not do this; or a session cookie came without its CSRF token.",
    "404": "There is no such thing, or not for this caller.",
    "409": "The thing is not in a state that allows it, or the Idempotency-Key was used for "
    "another body.",
    "412": "Another version of the protocol is spoken here.",
    "413": "These are more bytes than may come.",
    "415": "The body is of a type that is not taken here.",
    "422": "The input is well formed and cannot be taken as it stands.",
    "429": "Too often; `Retry-After` says for how long to wait.",
    "503": "A service behind the shop does not answer; nothing was decided.",
}


class ProblemSchema(AutoSchema):
    """Documents the problems that follow from how a view is built, so that no view must."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Return the operation with every problem it can answer."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        answers = operation["responses"]
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in {*self._problems_by_nature(operation), *filter(_is_error, answers)}:
            answers[status] = {
                "description": MEANINGS[status],
                "content": {CONTENT_TYPE: {"schema": problem}},
            }
        operation["responses"] = dict(sorted(answers.items()))
        return operation

    def _problems_by_nature(self, operation: dict[str, Any]) -> set[str]:
        found: set[str] = set()
        parameters = operation.get("parameters", [])
        kinds = {type(each) for each in self.view.get_permissions()}
        asked_by_session = any(
            isinstance(each, SessionAuthentication) for each in self.view.get_authenticators()
        )
        if AllowAny not in kinds:
            found.add("401")
        if kinds - {AllowAny, IsAuthenticated}:
            found.add("403")
        if self.method not in SAFE_METHODS and asked_by_session:
            found.add("403")
        if "requestBody" in operation:
            found |= {"400", "415"}
        if any(each["in"] == "path" or each["name"] == "cursor" for each in parameters):
            found.add("404")
        if getattr(self.view, "filterset_class", None):
            found.add("400")
        if any(each["name"] == "Idempotency-Key" for each in parameters):
            found |= {"409", "422"}
        return found


def _is_error(status: str) -> bool:
    return status >= "400"
