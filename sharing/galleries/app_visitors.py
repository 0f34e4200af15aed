"""A friend's device, where an app or a site of the shop's own speaks for it."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from sharing.galleries.tokens import new_browser_token
from sharing.galleries.visitors import TOKEN_LENGTH

HEADER = "X-Voter-Token"
VOTER_TOKEN = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="What an earlier answer gave for this friend's device: she stays one voter.",
)


def app_token(request: Request) -> str:
    """Return the token a friend's device sends; a new one where it sends none of ours."""
    token = request.headers.get(HEADER, "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else new_browser_token()
