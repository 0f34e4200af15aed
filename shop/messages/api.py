"""What somebody is written to about, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer
from shop.messages.queries import choices_of
from shop.messages.services.choosing import choose
from shop.messages.topics import OPTIONAL, Delivery


class MessageChoiceOutput(serializers.Serializer):
    """How the caller is written to about one topic."""

    topic = serializers.ChoiceField(choices=[topic.value for topic in OPTIONAL])
    words = serializers.CharField(source="topic.label", help_text="What people call the topic.")
    explained = serializers.CharField()
    delivery = serializers.ChoiceField(choices=Delivery.choices)


class MessageChoiceInput(serializers.Serializer):
    """A topic and how to be written to about it."""

    topic = serializers.ChoiceField(choices=[topic.value for topic in OPTIONAL])
    delivery = serializers.ChoiceField(choices=Delivery.choices)


class MessageChoicesInput(serializers.Serializer):
    """What is to change; topics not named stay as they are."""

    choices = MessageChoiceInput(many=True, allow_empty=False)


class MessageChoicesOutput(serializers.Serializer):
    """How the caller is written to about each topic that can be switched off."""

    choices = MessageChoiceOutput(many=True)


class MessageChoicesApi(APIView):
    """What the caller is written to about."""

    @extend_schema(
        operation_id="get_message_choices", tags=["messages"], responses=MessageChoicesOutput
    )
    def get(self, request: Request) -> Response:
        """List the topics that can be switched off. Orders, trials, payments always come."""
        return self._answer(request)

    @extend_schema(
        operation_id="change_message_choices",
        tags=["messages"],
        request=MessageChoicesInput,
        responses={200: MessageChoicesOutput, 400: ProblemSerializer},
    )
    def patch(self, request: Request) -> Response:
        """Choose at once, once a day or never. Of a topic named twice the last counts."""
        sent = MessageChoicesInput(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = {each["topic"]: each["delivery"] for each in sent.validated_data["choices"]}
        choose(user=caller(request), deliveries=wanted)
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        shown = {"choices": choices_of(caller(request))}
        return Response(MessageChoicesOutput(shown).data)
