"""A connected system's own webhooks: where it is told, with which secret, and what was sent."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import visible
from core.refusals import NotAllowed, Refused
from dossiers.models import Dossier
from exchange.authentication import actor_of
from exchange.fields import RequestSerializer, Text, refuse_unknown_names
from exchange.models import ConnectedSystem, WebhookEndpoint, WebhookMessage
from exchange.once import MAY_KEY, do_once
from exchange.pagination import ByNewest
from exchange.webhooks import endpoints, messages


class WebhookSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uid", read_only=True)
    actions = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="empty for all")

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "actions", "created_at"]
        read_only_fields = ["created_at"]


class NewWebhookSerializer(RequestSerializer):
    url = serializers.URLField(max_length=500)
    actions = serializers.ListField(
        child=Text(max_length=40),
        required=False,
        default=list,
        max_length=100,
        help_text="names of actions to be told of, as the webhook `dossier` lists them; empty for all",
    )


class WebhookWithSecretSerializer(WebhookSerializer):
    """`secret` signs what is sent (Standard Webhooks); it is answered this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookMessageSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uid", read_only=True)
    webhook = serializers.UUIDField(source="endpoint.uid", read_only=True)
    code = serializers.CharField(source="dossier.code", read_only=True)
    action = serializers.CharField(source="event.action", read_only=True)
    delivery = serializers.CharField(source="state", read_only=True, help_text=", ".join(WebhookMessage.State.values))

    class Meta:
        model = WebhookMessage
        fields = ["id", "webhook", "code", "action", "delivery", "attempts", "created_at", "delivered_at", "last_error"]


class ReplaySerializer(RequestSerializer):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(help_text="not before `since`")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["until"] < attrs["since"]:
            raise Refused("bad_period", _("“until” đứng trước “since”: khoảng ấy không có gì."), field="until")
        return attrs


class ReplayedSerializer(serializers.Serializer):
    waiting = serializers.IntegerField(help_text="how many messages will be sent again")


class _OwnWebhooks:
    """What the calling system owns. People have no webhooks."""

    audience = frozenset({"system"})
    scope = "webhooks"

    def system(self, request: Request) -> ConnectedSystem:
        if not isinstance(request.auth, ConnectedSystem):
            raise NotAllowed("systems_only", _("Chỉ hệ thống được kết nối mới có địa chỉ nhận tin."))
        return request.auth

    def endpoint(self, request: Request, uid: uuid.UUID) -> WebhookEndpoint:
        return get_object_or_404(self.system(request).webhooks.filter(active=True), uid=uid)


class Webhooks(_OwnWebhooks, APIView):
    """Where the calling system is told what happens to the dossiers it may see."""

    @extend_schema(responses=WebhookSerializer(many=True), operation_id="webhooks_list")
    def get(self, request: Request) -> Response:
        return Response(WebhookSerializer(self.system(request).webhooks.filter(active=True), many=True).data)

    @extend_schema(
        request=NewWebhookSerializer,
        responses={201: WebhookWithSecretSerializer, 200: WebhookWithSecretSerializer},
        parameters=[MAY_KEY],
    )
    def post(self, request: Request) -> Response:
        sent = request.body
        given = NewWebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data

        def add() -> dict[str, Any]:
            system, by = self.system(request), actor_of(request)
            made, _secret = endpoints.add_endpoint(
                system, facts["url"], actions=facts["actions"], by=by, at=timezone.now()
            )
            return {"webhook": made.pk}

        added, now = do_once(request, "webhook", sent, add)
        endpoint = get_object_or_404(self.system(request).webhooks.filter(active=True), pk=added["webhook"])
        answer = {**WebhookSerializer(endpoint).data, "secret": endpoint.secret}
        return Response(answer, status=status.HTTP_201_CREATED if now else status.HTTP_200_OK)


class Webhook(_OwnWebhooks, APIView):
    """Stop one of the calling system's webhooks."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, uid: uuid.UUID) -> Response:
        endpoints.remove_endpoint(self.endpoint(request, uid), by=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecret(_OwnWebhooks, APIView):
    """A new signing secret. The one before signs beside it for two days."""

    @extend_schema(request=None, responses={200: WebhookWithSecretSerializer}, parameters=[MAY_KEY])
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        refuse_unknown_names(request.data, [])
        endpoint = self.endpoint(request, uid)

        def rotate() -> dict[str, Any]:
            endpoints.rotate_secret(endpoint, by=actor_of(request), at=timezone.now())
            return {}

        do_once(request, "webhook-secret", b"", rotate)
        endpoint.refresh_from_db()
        return Response({**WebhookSerializer(endpoint).data, "secret": endpoint.secret})


class WebhookMessages(_OwnWebhooks, ListAPIView):
    """What was sent to the calling system's webhooks and what waits, newest first; of dossiers that it may see."""

    serializer_class = WebhookMessageSerializer
    pagination_class = ByNewest

    @extend_schema(parameters=[OpenApiParameter("code", str, description="of one dossier only")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[WebhookMessage]:
        found = WebhookMessage.objects.filter(endpoint__system=self.system(self.request))
        found = found.filter(dossier__in=visible(actor_of(self.request), Dossier.objects.sent()))
        if code := self.request.query_params.get("code", ""):
            found = found.filter(dossier__code=code)
        return found.select_related("endpoint", "dossier", "event")


class WebhookReplay(_OwnWebhooks, APIView):
    """Send again what a webhook was told in a period; the messages keep their identifiers."""

    @extend_schema(request=ReplaySerializer, responses={202: ReplayedSerializer}, parameters=[MAY_KEY])
    def post(self, request: Request, uid: uuid.UUID) -> Response:
        sent = request.body
        given = ReplaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        period = (given.validated_data["since"], given.validated_data["until"])
        chosen = messages.messages_of(self.endpoint(request, uid)).filter(created_at__range=period)

        def replay() -> dict[str, Any]:
            return {"waiting": messages.replay_messages(chosen, by=actor_of(request), at=timezone.now())}

        return Response(do_once(request, "replay", sent, replay)[0], status=status.HTTP_202_ACCEPTED)
