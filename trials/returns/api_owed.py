"""What a customer owes of a trial of hers, as an API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from trials.home_trials.queries import trial_of
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import charges_of, debts_of
from trials.returns.serializers import OwnChargeOutput


class OwnChargePagination(CursorPagination):
    """Charges, oldest first."""

    ordering = ("created_at", "pk")


class TrialChargesView(ListAPIView[TrialCharge]):
    """What is or was owed of a trial."""

    serializer_class = OwnChargeOutput
    pagination_class = OwnChargePagination
    filter_backends = []
    queryset = TrialCharge.objects.none()

    @extend_schema(operation_id="list_trial_charges", tags=["trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what is or was owed of a trial, oldest first, with where the rest is paid."""
        trial = trial_of(user=caller(request), number=kwargs["number"])
        page = self.paginate_queryset(charges_of(trial))
        context = {"pay_paths": {charge.pk: path for charge, path in debts_of(trial)}}
        return self.get_paginated_response(OwnChargeOutput(page, many=True, context=context).data)
