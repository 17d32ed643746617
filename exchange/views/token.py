"""The token endpoint of OAuth 2."""

import json

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exchange.oauth import token_response


class TokenRequestSerializer(serializers.Serializer):
    """`client_id` and `client_secret` here, or by HTTP Basic."""

    grant_type = serializers.ChoiceField(["client_credentials"])
    scope = serializers.CharField(required=False, help_text="with blanks between; all of the system's when not said")
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)


class TokenSerializer(serializers.Serializer):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="seconds")
    scope = serializers.CharField()


class TokenErrorSerializer(serializers.Serializer):
    """An error as OAuth 2 has it (RFC 6749, section 5.2)."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)


class Token(APIView):
    """An access token for an hour by OAuth 2 client credentials; call the API with `Authorization: Bearer`."""

    public = True
    audience = frozenset({"public"})
    authentication_classes = ()
    parser_classes = (FormParser,)
    throttle_scope = "token"

    @extend_schema(
        request={"application/x-www-form-urlencoded": TokenRequestSerializer},
        responses={
            200: TokenSerializer,
            400: OpenApiResponse(TokenErrorSerializer, "the form lacks something, or a scope is not the system's"),
            401: OpenApiResponse(TokenErrorSerializer, "the client id and the secret do not belong together"),
        },
        operation_id="token_create",
    )
    def post(self, request: Request) -> Response:
        body = request.body.decode(errors="replace")
        head = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        headers, answer, status = token_response(body=body, headers=head)
        kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        return Response(json.loads(answer), status=status, headers=kept)
