"""Uploads that may break off and go on, for apps: tus 1.0.0, which clients of every kind speak."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import FileUploadParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.photos import protocol
from sharing.photos.errors import PhotoMissingError
from sharing.photos.serializers import UploadInput, UploadOutput
from sharing.photos.services.uploads import add_part, begin_upload, cancel_upload, upload_of
from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.queries import trial_of


def _header(name: str, kind: type, words: str, *, answer: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        kind,
        OpenApiParameter.HEADER,
        description=words,
        required=not answer,
        response=[200, 201, 204] if answer else False,
    )


OFFSET_TOLD = _header("Upload-Offset", int, "How many bytes have arrived.", answer=True)
TOLD = [
    OFFSET_TOLD,
    _header("Upload-Length", int, "How many bytes it will have.", answer=True),
    _header("Upload-Expires", str, "When it is forgotten, as an HTTP date.", answer=True),
]


class PieceParser(FileUploadParser):
    """Lets pieces through; the view reads the stream itself."""

    media_type = protocol.PIECE


class UploadsView(APIView):
    """Where a photo begins that is sent in pieces."""

    @extend_schema(
        operation_id="begin_photo_upload",
        tags=["photos"],
        request=None,
        parameters=[
            _header("Upload-Length", int, "How many bytes the file has; 20 MB at most."),
            _header(
                "Upload-Metadata",
                str,
                "Pairs of a name and a value in Base64, between commas: `trial_item_id`, the frame "
                "she wears; `consent_version`, the wording she agreed to, now 2026-11.",
            ),
            _header("Location", str, "The address of the upload.", answer=True),
            *TOLD,
        ],
        responses={
            201: UploadOutput,
            400: ProblemSerializer,
            404: ProblemSerializer,
            409: ProblemSerializer,
            412: ProblemSerializer,
            413: ProblemSerializer,
            422: ProblemSerializer,
            429: ProblemSerializer,
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Begin a photo in pieces (tus 1.0.0, extension *creation*).

        Send the pieces to ``Location`` by PATCH. Up to 20 may be open at once, of 200 MB in all,
        for 24 hours each.
        """
        protocol.check_version(request)
        trial = trial_of(user=caller(request), number=number)
        sent = UploadInput(
            data={
                **protocol.metadata(request),
                "length": protocol.whole_number(request, "Upload-Length"),
            }
        )
        sent.is_valid(raise_exception=True)
        if sent.validated_data["trial_item_id"] not in {item.pk for item in trial.items.all()}:
            raise PhotoMissingError(_("This frame is not in this trial."))
        upload = begin_upload(user=caller(request), **sent.validated_data)
        answer = protocol.told(Response(UploadOutput(upload).data, status=201), upload)
        answer["Location"] = reverse("api-photo-upload", args=[upload.pk])
        return answer

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Tell what of the protocol is spoken here."""
        return Response(status=204, headers=protocol.ABILITIES)


class UploadView(APIView):
    """A photo on its way."""

    parser_classes = [PieceParser]

    @extend_schema(
        operation_id="get_photo_upload",
        tags=["photos"],
        parameters=TOLD,
        responses={200: UploadOutput, 404: ProblemSerializer, 412: ProblemSerializer},
    )
    def get(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Tell how far an upload is, and which photo it has become; HEAD tells by headers alone."""
        protocol.check_version(request)
        upload = upload_of(user=caller(request), upload_id=upload_id)
        return protocol.told(Response(UploadOutput(upload).data), upload)

    @extend_schema(
        operation_id="send_photo_piece",
        tags=["photos"],
        request={protocol.PIECE: OpenApiTypes.BINARY},
        parameters=[
            _header("Upload-Offset", int, "Where the piece begins: how many bytes have arrived."),
            *TOLD[1:],
        ],
        responses={
            204: None,
            400: ProblemSerializer,
            404: ProblemSerializer,
            409: ProblemSerializer,
            412: ProblemSerializer,
            413: ProblemSerializer,
            415: ProblemSerializer,
            422: ProblemSerializer,
            429: ProblemSerializer,
        },
    )
    def patch(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Send the next piece, of any size, up to 400 of them.

        Where ``Upload-Offset`` is not where the upload ends, 409 tells ``offset``: go on from
        there. What arrived before a connection broke is kept. The last piece makes the photo, or
        answers 422 with the reason why it is none; sent again, it changes nothing.
        """
        protocol.check_version(request)
        user = caller(request)
        upload = upload_of(user=user, upload_id=upload_id)
        if request.content_type != protocol.PIECE:
            raise UnsupportedMediaType(request.content_type or "")
        offset = protocol.whole_number(request, "Upload-Offset")
        # One byte more than fits, so that too many are seen to be too many.
        data = _received(request, most=upload.length - upload.received + 1)
        upload = add_part(user=user, upload_id=upload_id, offset=offset, data=data)
        return protocol.told(Response(status=204), upload)

    @extend_schema(
        operation_id="cancel_photo_upload",
        tags=["photos"],
        responses={204: None, 404: ProblemSerializer, 412: ProblemSerializer},
    )
    def delete(self, request: Request, upload_id: uuid.UUID) -> Response:
        """Forget an upload (extension *termination*); a photo it has become stays."""
        protocol.check_version(request)
        cancel_upload(user=caller(request), upload_id=upload_id)
        return Response(status=204, headers={"Tus-Resumable": protocol.VERSION})

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Tell what of the protocol is spoken here."""
        return Response(status=204, headers=protocol.ABILITIES)


def _received(request: Request, *, most: int) -> bytes:
    """Return what came of a piece: all of it, or what there was when the connection broke."""
    stream = request._request
    parts: list[bytes] = []
    left = most
    while left > 0:
        try:
            part = stream.read(min(left, 64 * 1024))
        except (UnreadablePostError, OSError):
            break
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
