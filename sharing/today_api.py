"""What waits today on all floors, as an API for staff."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.waiting import waiting_for
from shop.customers.access import caller
from shop.foundation.api import IsStaff
from trials.console.today import done_today, waiting_today


class QueueOutput(serializers.Serializer):
    """One queue."""

    name = serializers.CharField()
    title = serializers.CharField(
        source="label", help_text="How it is called, in the caller's language."
    )
    count = serializers.IntegerField()
    oldest = serializers.DateTimeField(
        allow_null=True, help_text="Since when the first of it has waited; nothing for none."
    )
    page = serializers.CharField(source="url", help_text="The path of the page that lists it.")


class DoneOutput(serializers.Serializer):
    """How many trials came into a state since midnight in the shop's zone."""

    state = serializers.CharField()
    count = serializers.IntegerField()


class TodayOutput(serializers.Serializer):
    """The day at a glance."""

    queues = QueueOutput(
        many=True, help_text="Those the caller may see, as the console's first page has them."
    )
    done = DoneOutput(many=True)


class StaffTodayView(APIView):
    """The console's first page."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_today", tags=["staff: today"], responses={200: TodayOutput}
    )
    def get(self, request: Request) -> Response:
        """Return how much waits where and since when, and what was done today."""
        now = timezone.now()
        done = [{"state": state, "count": count} for state, _label, count in done_today(now)]
        queues = [*waiting_today(now), *waiting_for(caller(request))]
        return Response(TodayOutput({"queues": queues, "done": done}).data)
