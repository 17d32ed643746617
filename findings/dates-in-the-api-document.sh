#!/usr/bin/env bash
# A date of the form dd/mm/yyyy in a REST API's document.
#
# Guess: drf-spectacular documents what the serializer accepts: text of that form, and a decimal with its bounds.
# Seen: drf-spectacular 0.30.0 documents format: date (2026-11-29), which the serializer refuses, while 29/11/2026 is
#   what it takes. min_value and max_value of a DecimalField are not in the document; those of an IntegerField are.
# Why it matters: clients generated from the document send every date in a form that is refused.
# What we do instead: the API speaks ISO dates only, and amounts are integers.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check drf-spectacular==0.30.0 djangorestframework==3.18.3 django==5.2.8
"$dir/env/bin/python" - <<'PY'
import sys
from decimal import Decimal

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"},
    SECRET_KEY="made here",
)
django.setup()

from django.urls import path  # noqa: E402
from drf_spectacular.generators import SchemaGenerator  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402


class DossierSerializer(serializers.Serializer):
    filed = serializers.DateField(format="%d/%m/%Y", input_formats=["%d/%m/%Y"])
    fee = serializers.DecimalField(max_digits=12, decimal_places=0, min_value=Decimal(0), max_value=Decimal(500_000))
    copies = serializers.IntegerField(min_value=1, max_value=5)


class Filing(generics.CreateAPIView):
    serializer_class = DossierSerializer


urls = [path("dossiers/", Filing.as_view())]
schema = SchemaGenerator(patterns=urls).get_schema(request=None, public=True)["components"]["schemas"]["Dossier"]
accepted = {day: DossierSerializer(data={"filed": day, "fee": 1, "copies": 1}).is_valid() for day in ("29/11/2026", "2026-11-29")}
print("drf-spectacular 0.30.0")
print("guess: a pattern or a description for the date, bounds for fee and copies")
for name, documented in schema["properties"].items():
    print(f"seen:  {name}: {documented}")
print("seen:  accepted:", accepted)
as_noted = (
    schema["properties"]["filed"] == {"type": "string", "format": "date"}
    and "maximum" not in schema["properties"]["fee"]
    and "maximum" in schema["properties"]["copies"]
    and accepted == {"29/11/2026": True, "2026-11-29": False}
)
sys.exit(0 if as_noted else "the behaviour has changed")
PY
