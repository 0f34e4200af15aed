"""Photos of a customer, as an API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.photos.errors import PhotoMissingError
from sharing.photos.models import Photo, PhotoState
from sharing.photos.queries import photos_of
from sharing.photos.responses import photo_file, whole_photo
from sharing.photos.serializers import CropSerializer, PhotoInput, PhotoOutput
from sharing.photos.services import add_photo, crop_photo, erase_photo
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, sends
from shop.foundation.photos.crops import Crop
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.queries import trial_of


class PhotoPagination(CursorPagination):
    """Photos, oldest first."""

    ordering = ("uploaded_at", "pk")


class TrialPhotosView(ListAPIView[Photo]):
    """The photos of one trial."""

    parser_classes = [MultiPartParser]
    serializer_class = PhotoOutput
    pagination_class = PhotoPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Photo]:
        """Return the caller's own of this trial."""
        if getattr(self, "swagger_fake_view", False):
            return Photo.objects.none()
        trial = trial_of(user=caller(self.request), number=self.kwargs["number"])
        ids = [item.pk for item in trial.items.all()]
        return photos_of(user=caller(self.request), trial_item_ids=ids)

    @extend_schema(operation_id="list_trial_photos", tags=["photos"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the customer's photos of a trial, oldest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="add_photo",
        tags=["photos"],
        request={"multipart/form-data": PhotoInput},
        responses={
            201: PhotoOutput,
            404: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a photo; it is ``pending`` until it has been made safe."""
        sent = PhotoInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = trial_of(user=caller(request), number=number)
        if sent.validated_data["trial_item_id"] not in {item.pk for item in trial.items.all()}:
            raise PhotoMissingError(_("This frame is not in this trial."))
        photo = add_photo(user=caller(request), **sent.validated_data)
        return Response(PhotoOutput(photo).data, status=201)


class PhotoFileView(APIView):
    """The picture itself."""

    renderer_classes = [JSONRenderer, sends("image/jpeg")]

    @extend_schema(
        operation_id="get_photo_file",
        tags=["photos"],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, photo_id: uuid.UUID, size: int) -> FileResponse:
        """Return a photo of the customer's own as a JPEG; ``urls`` of a photo lead here."""
        safe = (PhotoState.READY, PhotoState.HIDDEN)
        ready = Photo.objects.filter(pk=photo_id, user=caller(request), state__in=safe)
        if not ready.exists():
            raise PhotoMissingError(_("There is no such photo."))
        return photo_file(photo_id, size, "jpg")


class PhotoWholeView(APIView):
    """The whole photo, uncropped."""

    renderer_classes = [JSONRenderer, sends("image/jpeg")]

    @extend_schema(
        operation_id="get_whole_photo",
        tags=["photos"],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> FileResponse:
        """Return a photo of the customer's own as it came, for her to choose a crop of."""
        ready = Photo.objects.filter(pk=photo_id, user=caller(request), state=PhotoState.READY)
        if not ready.exists():
            raise PhotoMissingError(_("There is no such photo."))
        return whole_photo(photo_id)


class PhotoCropView(APIView):
    """The part of a photo that is shown."""

    @extend_schema(
        operation_id="crop_photo",
        tags=["photos"],
        request=CropSerializer,
        responses={
            200: PhotoOutput,
            404: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
            429: ProblemSerializer,
        },
    )
    def put(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Choose the part that is shown, of the whole photo; friends see it a moment later."""
        sent = CropSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        crop = Crop(**sent.validated_data)
        photo = crop_photo(user=caller(request), photo_id=photo_id, crop=crop)
        return Response(PhotoOutput(photo).data)


class PhotoView(APIView):
    """One photo of the customer's own."""

    @extend_schema(
        operation_id="get_photo",
        tags=["photos"],
        responses={200: PhotoOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Return a photo and where its sizes are."""
        mine = Photo.objects.filter(pk=photo_id, user=caller(request))
        photo = mine.exclude(state=PhotoState.ERASED).first()
        if photo is None:
            raise PhotoMissingError(_("There is no such photo."))
        return Response(PhotoOutput(photo).data)

    @extend_schema(
        operation_id="erase_photo",
        tags=["photos"],
        responses={204: None, 404: ProblemSerializer},
    )
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Erase a photo for everybody."""
        erase_photo(user=caller(request), photo_id=photo_id)
        return Response(status=204)
