"""What every API class shares: pages of lists and the header of repeatable POSTs."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from djmoney.money import Money
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import exceptions, pagination, permissions, renderers, serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from shop.foundation.money import quantize

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

    ordering: str | tuple[str, ...] = "-pk"
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return the rows of the page asked for.

        Raises:
            NotFound: the cursor is none of ours.
        """
        self.model, self.annotations = queryset.model, queryset.query.annotations
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> pagination.Cursor | None:
        """Return the cursor sent, if any; its position fits the column that it is compared to."""
        cursor: pagination.Cursor | None = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            name, meta = self.ordering[0].lstrip("-"), self.model._meta
            if name in self.annotations:
                column = self.annotations[name].output_field
            else:
                column = meta.pk if name == "pk" else meta.get_field(name)
            try:
                column.to_python(cursor.position)
            except ValidationError as error:
                raise exceptions.NotFound(self.invalid_cursor_message) from error
        return cursor


class AsSortedPagination(CursorPagination):
    """Pages by cursor, in the order that the rows are in: for lists that have several."""

    def get_ordering(
        self, request: Request, queryset: Any, view: APIView | None = None
    ) -> tuple[str, ...]:
        """Return the order of the rows."""
        return tuple(str(each) for each in queryset.query.order_by)


class IsStaff(permissions.BasePermission):
    """Ops staff and managers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller works here."""
        return bool(request.user and request.user.is_authenticated and request.user.is_staff)


def one_of(request: Request, name: str, allowed: Collection[str], *, default: str = "") -> str:
    """Return what a call's address asks a list to be narrowed down to.

    Args:
        request: the call.
        name: the word of the address, such as ``state``.
        allowed: what it may be.
        default: what it is where it is left out or empty.

    Raises:
        ValidationError: it is something else: a list of nothing would look like an answer.
    """
    asked = str(request.query_params.get(name) or default)
    if asked == default or asked in allowed:
        return asked
    message = _("“%(asked)s” is none of these: %(allowed)s.") % {
        "asked": asked[:40],
        "allowed": ", ".join(allowed),
    }
    raise exceptions.ValidationError({name: [message]})


def sends(kind: str) -> type[renderers.BaseRenderer]:
    """Return what lets a client ask a view for files of a kind; the view sends the bytes itself.

    Args:
        kind: a media type, such as ``application/pdf``.
    """

    class FileRenderer(renderers.BaseRenderer):
        media_type = kind
        format = kind.rpartition("/")[2]
        charset = None

        def render(
            self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
        ) -> bytes:
            """Return a problem as JSON: nothing else reaches a renderer here."""
            return renderers.JSONRenderer().render(data)

    return FileRenderer


class MoneyOutput(serializers.Serializer):
    """An amount, exact, with its currency."""

    amount = serializers.CharField(help_text="A decimal number, such as 95.00.")
    currency = serializers.CharField(help_text="ISO 4217, such as EUR.")


@extend_schema_field(MoneyOutput)
class MoneySerializerField(serializers.Field):
    """Money as ``{"amount": "95.00", "currency": "EUR"}``; never taken from a client."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Money) -> dict[str, str]:
        """Return ``value`` with as many decimals as its currency has."""
        return {"amount": str(quantize(value).amount), "currency": str(value.currency)}
