"""Who serves: agencies in force, as anybody may read them."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency
from exchange.pagination import ByNewest
from exchange.selection import FIELDS, SelectsFields


class AgencySerializer(serializers.ModelSerializer):
    territory = serializers.CharField(source="territory.code")
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Agency
        fields = [
            "code",
            "code_confirmed",
            "kind",
            "name",
            "name_en",
            "territory",
            "parent",
            "address",
            "phone",
            "email",
        ]


class Agencies(SelectsFields, ListAPIView):
    """Agencies and centres in force; `kind` and `territory` (code of a commune or the province) narrow."""

    public = True
    scope = "catalogue"
    audience = frozenset({"public"})
    serializer_class = AgencySerializer
    pagination_class = ByNewest

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=list(Agency.Kind.values)),
            OpenApiParameter("territory", str, description="code of a commune or the province"),
            FIELDS,
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Agency]:
        found = Agency.objects.valid(on=timezone.localdate()).select_related("territory", "parent")
        asked = self.request.query_params
        if kind := asked.get("kind", ""):
            if kind not in Agency.Kind.values:
                raise ValidationError({"kind": [_("Hãy ghi một trong: %s.") % ", ".join(Agency.Kind.values)]})
            found = found.filter(kind=kind)
        if territory := asked.get("territory", ""):
            found = found.filter(territory__code=territory)
        return found
