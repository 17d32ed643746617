"""Answers with the fields that were asked for: ``?fields=code,state``."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from core.refusals import Refused

FIELDS = OpenApiParameter("fields", str, description="names of fields with commas between; all when not said")


def select_fields(serializer: BaseSerializer, request: Request) -> BaseSerializer:
    """The same serializer with the fields that `fields` names. Raises Refused for a name that is none."""
    asked = [name.strip() for name in request.query_params.get("fields", "").split(",") if name.strip()]
    inner: Any = serializer.child if isinstance(serializer, ListSerializer) else serializer
    if not asked or not isinstance(inner, Serializer):
        return serializer
    if unknown := sorted(set(asked) - set(inner.fields)):
        sentence = _("Không có trường: %(names)s.") % {"names": ", ".join(unknown)[:200]}
        raise Refused("unknown_field", sentence, field="fields")
    for name in set(inner.fields) - set(asked):
        inner.fields.pop(name)
    return serializer


class SelectsFields:
    """A generic view whose answers hold what `fields` names."""

    refuses_query = True

    def get_serializer(self, *given: Any, **options: Any) -> BaseSerializer:
        found = super().get_serializer(*given, **options)  # type: ignore[misc]
        request: Request = self.request  # type: ignore[attr-defined]
        return select_fields(found, request) if request.method in ("GET", "HEAD") else found
