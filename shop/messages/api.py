"""What somebody is written to about, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer
from shop.messages.queries import choices_of
from shop.messages.services.choosing import choose
from shop.messages.services.pushing import add_browser, remove_browser
from shop.messages.topics import OPTIONAL, Delivery
from shop.messages.web_push import public_key


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


class PushKeysInput(serializers.Serializer):
    """The keys of a browser's subscription."""

    p256dh = serializers.CharField(max_length=90)
    auth = serializers.CharField(max_length=30)


class PushBrowserInput(serializers.Serializer):
    """A browser's subscription, as its ``PushSubscription.toJSON()`` gives it."""

    endpoint = serializers.URLField(max_length=500)
    keys = PushKeysInput()


class PushBrowserOutput(serializers.Serializer):
    """A browser that shows the caller messages."""

    id = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class PushKeyOutput(serializers.Serializer):
    """What a browser needs to subscribe."""

    public_key = serializers.CharField(
        allow_blank=True, help_text="base64url; empty where this shop sends no notifications."
    )


class PushBrowsersApi(APIView):
    """The browsers in which the caller is shown messages."""

    @extend_schema(operation_id="get_push_key", tags=["messages"], responses=PushKeyOutput)
    def get(self, request: Request) -> Response:
        """Return the shop's public key, the ``applicationServerKey`` of a subscription."""
        return Response(PushKeyOutput({"public_key": public_key()}).data)

    @extend_schema(
        operation_id="add_push_browser",
        tags=["messages"],
        request=PushBrowserInput,
        responses={
            201: PushBrowserOutput,
            400: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Show messages in a browser; the same one again is answered with the first."""
        sent = PushBrowserInput(data=request.data)
        sent.is_valid(raise_exception=True)
        browser = add_browser(
            user=caller(request),
            endpoint=sent.validated_data["endpoint"],
            p256dh=sent.validated_data["keys"]["p256dh"],
            auth=sent.validated_data["keys"]["auth"],
        )
        return Response(PushBrowserOutput(browser).data, status=status.HTTP_201_CREATED)


class PushBrowserApi(APIView):
    """One browser of the caller."""

    @extend_schema(
        operation_id="remove_push_browser",
        tags=["messages"],
        responses={204: None, 404: ProblemSerializer},
    )
    def delete(self, request: Request, browser_id: int) -> Response:
        """Show messages in it no more."""
        remove_browser(user=caller(request), subscription_id=browser_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
