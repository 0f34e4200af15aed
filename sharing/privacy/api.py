"""Erasures, exports and objections of a customer, as an API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.privacy.confirming import confirm
from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.queries import erasures_of, exports_of, objection_of, objections_of
from sharing.privacy.responses import export_answer
from sharing.privacy.serializers import (
    AnswerInput,
    ErasureInput,
    ErasureOutput,
    ExportOutput,
    ObjectionOutput,
)
from sharing.privacy.services.erasing import request_erasure
from sharing.privacy.services.exporting import export_for, request_export
from sharing.privacy.services.objecting import answer_objection
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, sends
from shop.foundation.privacy import Scope
from shop.foundation.problems import ProblemSerializer

TAGS = ["privacy"]
NOT_FOUND = {404: ProblemSerializer}


class WishPagination(CursorPagination):
    """What was asked for, latest first."""

    ordering = ("-requested_at", "-pk")


class ObjectionPagination(CursorPagination):
    """Objections, latest first."""

    ordering = ("-created_at", "-pk")


class ErasuresView(ListAPIView[Erasure]):
    """What the customer had erased."""

    serializer_class = ErasureOutput
    pagination_class = WishPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Erasure]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Erasure.objects.none()
        return erasures_of(caller(self.request))

    @extend_schema(operation_id="list_erasures", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what was erased, and what is being erased, latest first."""
        return self.list(request)

    @extend_schema(
        operation_id="request_erasure",
        tags=TAGS,
        request=ErasureInput,
        responses={
            202: ErasureOutput,
            **dict.fromkeys((403, 409, 422, 429), ProblemSerializer),
        },
    )
    def post(self, request: Request) -> Response:
        """Erase photos, votes, comments or the whole account, everywhere: within a minute.

        An account with a trial, an order or money under way answers 409; `why` says what.
        """
        sent = ErasureInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user, scopes = caller(request), sent.validated_data["scopes"]
        if Scope.ACCOUNT in scopes:
            confirm(user=user, password=sent.validated_data["password"])
        erasure = request_erasure(user=user, scopes=scopes, by=user)
        return Response(ErasureOutput(erasure).data, status=status.HTTP_202_ACCEPTED)


class ExportsView(ListAPIView[DataExport]):
    """The customer's exports."""

    serializer_class = ExportOutput
    pagination_class = WishPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[DataExport]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return DataExport.objects.none()
        return exports_of(caller(self.request))

    @extend_schema(operation_id="list_exports", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List exports that are under way or can be fetched, latest first."""
        return self.list(request)

    @extend_schema(
        operation_id="request_export",
        tags=TAGS,
        request=None,
        responses={202: ExportOutput, 429: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have all that is held of the caller put together; one under way already is answered."""
        export = request_export(user=caller(request), by=caller(request))
        return Response(ExportOutput(export).data, status=status.HTTP_202_ACCEPTED)


class ExportFileView(APIView):
    """The export itself."""

    renderer_classes = [JSONRenderer, sends("application/zip")]

    @extend_schema(
        operation_id="get_export_file",
        tags=TAGS,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **NOT_FOUND},
    )
    def get(self, request: Request, export_id: uuid.UUID) -> FileResponse:
        """Return the ZIP, to its owner alone, for seven days."""
        return export_answer(export_for(user=caller(request), export_id=export_id))


class ObjectionsView(ListAPIView[PhotoObjection]):
    """Objections to photos of the customer's."""

    serializer_class = ObjectionOutput
    pagination_class = ObjectionPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[PhotoObjection]:
        """Return those to the caller's photos."""
        if getattr(self, "swagger_fake_view", False):
            return PhotoObjection.objects.none()
        return objections_of(caller(self.request))

    @extend_schema(operation_id="list_objections", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List objections, latest first."""
        return self.list(request)


class ObjectionAnswerView(APIView):
    """Answering an objection."""

    @extend_schema(
        operation_id="answer_objection",
        tags=TAGS,
        request=AnswerInput,
        responses={
            200: ObjectionOutput,
            409: ProblemSerializer,
            422: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def post(self, request: Request, objection_id: uuid.UUID) -> Response:
        """Erase the photo, or say why it should be shown: then the shop decides."""
        user = caller(request)
        objection_of(user=user, objection_id=objection_id)
        sent = AnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        objection = answer_objection(owner=user, objection_id=objection_id, **sent.validated_data)
        return Response(ObjectionOutput(objection).data)
