"""Programmes as an API: terms for everybody, versions for staff."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.money import zero
from shop.foundation.problems import ProblemSerializer
from trials.programme.errors import NotPreviewedError
from trials.programme.example import example_of
from trials.programme.models import AMOUNTS, Programme, ProgrammeVersion
from trials.programme.previewing import sign_terms, were_shown
from trials.programme.queries import (
    current_version,
    programme_by,
    programmes,
    valid_version_of,
    version_by,
    versions_of,
)
from trials.programme.serializers import (
    StaffPreviewOutput,
    StaffProgrammeChangeInput,
    StaffProgrammeInput,
    StaffProgrammeOutput,
    StaffVersionInput,
    StaffVersionOutput,
    StaffVersionPublishInput,
    TermsInput,
    TermsOutput,
)
from trials.programme.services import (
    COPIED,
    begin_version,
    change_programme,
    check_may_change,
    check_may_make,
    check_may_publish,
    check_not_overtaken,
    create_programme,
    next_version,
    publish_version,
    withdraw_version,
)
from trials.programme.terms import changes, due_at_placing, terms_of

TAGS = ["staff: programmes"]
REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}


class ProgrammePagination(CursorPagination):
    """Programmes by their names in addresses."""

    ordering = ("slug", "pk")


class VersionPagination(CursorPagination):
    """Versions, the latest first."""

    ordering = ("-number", "-pk")


class TermsView(APIView):
    """The terms of trials."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="get_terms",
        tags=["box"],
        parameters=[TermsInput],
        responses={200: TermsOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the terms that a box to a country would be placed under now, in full."""
        sent = TermsInput(data=request.query_params)
        sent.is_valid(raise_exception=True)
        country = sent.validated_data.get("country") or settings.SHOP_COUNTRY
        version = current_version(country=country)
        shown = {
            "version": version,
            "terms": terms_of(version),
            "due_now": due_at_placing(version),
        }
        return Response(TermsOutput(shown).data)


class StaffProgrammesView(ListAPIView[Programme]):
    """The programmes."""

    permission_classes = [IsStaff]
    serializer_class = StaffProgrammeOutput
    pagination_class = ProgrammePagination
    filter_backends = []
    queryset = Programme.objects.none()

    @extend_schema(operation_id="staff_list_programmes", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List programmes with the version that counts now and the one that comes next."""
        page = self.paginate_queryset(programmes())
        return self.get_paginated_response(StaffProgrammeOutput(page, many=True).data)

    @extend_schema(
        operation_id="staff_create_programme",
        tags=TAGS,
        request=StaffProgrammeInput,
        responses={
            201: StaffProgrammeOutput,
            403: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Make a programme; it sends no box before its first version counts. Managers only."""
        check_may_make(caller(request))
        sent = StaffProgrammeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        made = create_programme(by=caller(request), **sent.validated_data)
        return Response(StaffProgrammeOutput(programme_by(made.slug)).data, status=201)


class StaffProgrammeView(APIView):
    """One programme."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_programme",
        tags=TAGS,
        responses={200: StaffProgrammeOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return a programme with the version that counts now and the one that comes next."""
        return Response(StaffProgrammeOutput(programme_by(slug)).data)

    @extend_schema(
        operation_id="staff_change_programme",
        tags=TAGS,
        request=StaffProgrammeChangeInput,
        responses={200: StaffProgrammeOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change its name, its countries or whether it is offered. Managers only.

        Trials under way keep their terms.
        """
        check_may_change(caller(request))
        sent = StaffProgrammeChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        found = programme_by(slug)
        change_programme(programme_id=found.pk, by=caller(request), **sent.validated_data)
        return Response(StaffProgrammeOutput(programme_by(slug)).data)


class StaffVersionsView(ListAPIView[ProgrammeVersion]):
    """The versions of a programme."""

    permission_classes = [IsStaff]
    serializer_class = StaffVersionOutput
    pagination_class = VersionPagination
    filter_backends = []
    queryset = ProgrammeVersion.objects.none()

    @extend_schema(operation_id="staff_list_versions", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the versions of a programme, latest first."""
        page = self.paginate_queryset(versions_of(programme_by(kwargs["slug"])))
        return self.get_paginated_response(StaffVersionOutput(page, many=True).data)


class StaffVersionPublishView(APIView):
    """The next version."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_publish_version",
        tags=TAGS,
        request=StaffVersionPublishInput,
        responses={201: StaffVersionOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Publish the next version as previewed; trials under way keep their terms. Managers only.

        Send what the preview was asked for, and the ``seen`` it answered.
        """
        check_may_publish(caller(request))
        sent = StaffVersionPublishInput(data=request.data)
        sent.is_valid(raise_exception=True)
        found, after = programme_by(slug), sent.validated_data["after"]
        draft, rules = _drafted(found, sent.validated_data)
        check_not_overtaken(draft, after=after)
        if not were_shown(found.slug, rules, sent.validated_data["seen"]):
            raise NotPreviewedError(
                _(
                    "These terms were not previewed. Ask for their preview, read it, and send "
                    "“seen”."
                )
            )
        made = publish_version(programme_slug=found.slug, by=caller(request), after=after, **rules)
        return Response(StaffVersionOutput(made).data, status=201)


class StaffVersionPreviewView(APIView):
    """A version before it goes live."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_preview_version",
        tags=TAGS,
        request=StaffVersionInput,
        responses={200: StaffPreviewOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Return the terms as customers would read them, what changes, and an example."""
        check_may_publish(caller(request))
        sent = StaffVersionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        programme = programme_by(slug)
        version, rules = _drafted(programme, sent.validated_data)
        shown = {
            "version": version,
            "terms": terms_of(version),
            "changes": changes(valid_version_of(programme), version),
            "example": example_of(version, now=timezone.now(), zone=caller(request).zone),
            "seen": sign_terms(programme.slug, rules),
        }
        return Response(StaffPreviewOutput(shown).data)


class StaffVersionWithdrawView(APIView):
    """Calling a version off."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_withdraw_version",
        tags=TAGS,
        request=None,
        responses={200: StaffVersionOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, slug: str, number: int) -> Response:
        """Withdraw a version that does not count yet. Managers only."""
        done = withdraw_version(version_id=version_by(slug, number).pk, by=caller(request))
        return Response(StaffVersionOutput(done).data)


def _nothing_of(programme: Programme, currency: str) -> dict[str, Any]:
    """Return the amounts that are nothing as nothing of a currency: all are in one."""
    begun = begin_version(programme)
    return {name: zero(currency) for name in AMOUNTS if not getattr(begun, name).amount}


def _drafted(programme: Programme, sent: dict[str, Any]) -> tuple[ProgrammeVersion, dict[str, Any]]:
    """Return the next version by what was sent, and all its rules: also those that were left out.

    So what is published is what was shown, whatever becomes of the version before meanwhile.
    """
    named = {name: value for name, value in sent.items() if name in {*COPIED, "valid_from"}}
    if "currency" in sent or AMOUNTS & named.keys():
        named = _nothing_of(programme, sent.get("currency", settings.DEFAULT_CURRENCY)) | named
    version = next_version(programme, **named)
    return version, {name: getattr(version, name) for name in COPIED} | named
