"""What every API class shares: pages of lists and the header of repeatable POSTs."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import pagination, permissions
from rest_framework.request import Request
from rest_framework.views import APIView

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A value of your own making, one a wish: sent again with the same body it gives "
    "the first answer again; with another body it is refused with 409.",
)


class CursorPagination(pagination.CursorPagination):
    """Pages by cursor, newest first: stable while rows are added."""

    ordering = "-pk"
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"


class IsStaff(permissions.BasePermission):
    """Ops staff and managers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller works here."""
        return bool(request.user and request.user.is_authenticated and request.user.is_staff)
