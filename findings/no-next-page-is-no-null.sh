#!/usr/bin/env bash
# What the description of a list says of its last page.
#
# Guess: asked for OpenAPI 3.1, drf-spectacular 0.30.0 says that `next` may be null, as the last page's is.
# Seen: the pagination classes of Django REST framework 3.18.3 add `"nullable": true`, the way of OpenAPI 3.0, which 3.1
#   does not know; drf-spectacular turns it into 3.1's way for fields of serializers only. A validator of 3.1's JSON Schema
#   (jsonschema 4.26.0) refuses every last page: None is not of type 'string'.
# Why it matters: a client generated from the description fails at the end of each list, never at its beginning.
# What we do instead: the pages' schema is written as 3.1 has it (exchange/pagination.py), and every example of the
#   description is held to it by a test (tests/exchange/test_examples.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check django==5.2.8 djangorestframework==3.18.3 drf-spectacular==0.30.0 jsonschema==4.26.0
"$dir/env/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"},
    SPECTACULAR_SETTINGS={"OAS_VERSION": "3.1.0"},
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
django.setup()

from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework import generics, pagination, serializers


class Thing(serializers.Serializer):
    name = serializers.CharField()
    note = serializers.CharField(allow_null=True)


class Pages(pagination.CursorPagination):
    ordering = "id"


class Things(generics.ListAPIView):
    serializer_class = Thing
    pagination_class = Pages
    queryset = []


urlpatterns = [path("things/", Things.as_view())]
document = SchemaGenerator().get_schema(request=None, public=True)
schemas = document["components"]["schemas"]
last = {"next": None, "previous": None, "results": [{"name": "a", "note": None}]}
schema = {**schemas["PaginatedThingList"], "components": document["components"]}
wrong = sorted(f"{each.json_path}: {each.message}" for each in Draft202012Validator(schema).iter_errors(last))
print("drf-spectacular 0.30.0, OpenAPI", document["openapi"], "with Django REST framework 3.18.3")
print("guess: the last page is as described")
print("seen:  a serializer's field:", schemas["Thing"]["properties"]["note"])
print("seen:  `next`:", dict(schemas["PaginatedThingList"]["properties"]["next"]))
print("seen:  the last page:", wrong)
as_noted = wrong == ["$.next: None is not of type 'string'", "$.previous: None is not of type 'string'"]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
