"""Units from a file, as an API: first what it would do, then that very file."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.units.services.importing import foresee_import, import_units
from trials.units.states import UnitState
from trials.units.unit_file import MOST_BYTES, MOST_LINES, Trouble


class DryRunInput(serializers.Serializer):
    """What a file is sent for."""

    dry_run = serializers.BooleanField(
        default=False, help_text="Whether only to say what would come of it."
    )


class UnitImportInput(DryRunInput):
    """A file of units."""

    csv = serializers.CharField(
        max_length=MOST_BYTES,
        trim_whitespace=False,
        help_text="The text of the file. Its first line names the columns `sku`, `barcode`, "
        "`shelf` and `grade`, in any order; the last two may be left out. Divided by commas or "
        f"semicolons; at most {MOST_LINES} lines and {MOST_BYTES} bytes.",
    )
    seen = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="Of the dry run of this very file; without it nothing is imported.",
    )


class UnitTroubleOutput(serializers.Serializer):
    """What is wrong in some lines."""

    code = serializers.ChoiceField(choices=Trouble.choices)
    detail = serializers.CharField()
    lines = serializers.ListField(
        child=serializers.IntegerField(), help_text="The first of the file is 1."
    )


class UnitImportOutput(serializers.Serializer):
    """What would come of a file, or what has come of it."""

    units = serializers.IntegerField(help_text="How many are made; 0 while something is wrong.")
    to_repair = serializers.IntegerField(help_text="Those of them that are graded D.")
    variants = serializers.IntegerField()
    troubles = UnitTroubleOutput(many=True)
    seen = serializers.CharField(
        allow_blank=True, help_text="What this very file is imported with; empty if it cannot be."
    )
    imported = serializers.BooleanField()


class StaffUnitImportView(APIView):
    """Frames that have their labels already."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_import_units",
        tags=["staff: units"],
        request=UnitImportInput,
        responses={
            200: UnitImportOutput,
            201: UnitImportOutput,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Say what a file of units would do (`dry_run`), or import it, all or nothing.

        Send the file with the `seen` of its dry run; what would do something else by now is
        refused. Who waits is served first; what is graded D goes to repair. The answer to an
        import is kept under its key, that to a dry run never is.
        """
        way = DryRunInput(data=request.data)
        way.is_valid(raise_exception=True)
        if not way.validated_data["dry_run"]:
            return self._import(request)
        sent = UnitImportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        outlook = foresee_import(text=sent.validated_data["csv"])
        troubles = [
            {"code": trouble, "detail": trouble.label, "lines": numbers}
            for trouble, numbers in outlook.troubles.items()
        ]
        return _told(
            units=outlook.units,
            to_repair=outlook.to_repair,
            variants=outlook.variants,
            troubles=troubles,
            seen=outlook.seen,
            imported=False,
        )

    @idempotent
    def _import(self, request: Request) -> Response:
        sent = UnitImportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        text, seen = sent.validated_data["csv"], sent.validated_data["seen"]
        units = import_units(text=text, seen=seen, by=caller(request))
        return _told(
            units=len(units),
            to_repair=sum(unit.state == UnitState.REPAIR for unit in units),
            variants=len({unit.variant_id for unit in units}),
            troubles=[],
            seen=seen,
            imported=True,
        )


def _told(**values: Any) -> Response:
    return Response(UnitImportOutput(values).data, status=201 if values["imported"] else 200)
