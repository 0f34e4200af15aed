"""Extending the days at home, as an API for customers."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.at_home.queries import extension_offer
from trials.at_home.serializers import ExtensionInput, ExtensionOfferOutput, ExtensionOutput
from trials.at_home.services.extending import extend_trial
from trials.home_trials.queries import trial_of

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}


class TrialExtensionView(APIView):
    """More days at home for the customer's trial."""

    @extend_schema(
        operation_id="get_extension_offer",
        tags=["trials"],
        responses={200: ExtensionOfferOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return what she may add to her days now."""
        trial = trial_of(user=caller(request), number=number)
        return Response(ExtensionOfferOutput(extension_offer(trial)).data)

    @extend_schema(
        operation_id="extend_trial",
        tags=["trials"],
        request=ExtensionInput,
        responses={201: ExtensionOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Add them: once as the programme offers, once by a present."""
        sent = ExtensionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = trial_of(user=caller(request), number=number)
        made = extend_trial(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        return Response(ExtensionOutput(made).data, status=201)
