#!/usr/bin/env bash
# A trigger on updates of a foreign key, declared with django-pgtrigger.
#
# Guess: UpdateOf("file") means the model's field, as Q(new__file=…) beside it does.
# Seen: django-pgtrigger 4.17.0 with Django 5.2.19 writes UPDATE OF "file" for the one, a column that does not exist, and
#   NEW."file_id" for the other. `makemigrations` and `check` say nothing; PostgreSQL refuses it while migrating.
# Why it matters: the migration looks right, and fails on the day of the upgrade unless it was tried on PostgreSQL.
# What we do instead: UpdateOf("file_id"), and every migration runs on PostgreSQL in the tests.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check django==5.2.19 django-pgtrigger==4.17.0 'psycopg[binary]==3.3.9'
"$dir/env/bin/python" - <<'PY'
import sys

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "pgtrigger"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
)
django.setup()
import pgtrigger  # noqa: E402
from django.core import checks  # noqa: E402
from django.db import models  # noqa: E402


class StoredFile(models.Model):
    class Meta:
        app_label = "papers"


class Line(models.Model):
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)

    class Meta:
        app_label = "papers"
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.UpdateOf("file"),
                condition=pgtrigger.Q(old__file__isnull=False),
            )
        ]


[trigger] = Line._meta.triggers
operation, condition = str(trigger.operation), trigger.compile(Line).install_sql
print("django-pgtrigger 4.17.0, Django 5.2.19")
print("guess: both name the column file_id")
print("seen: ", operation, "|", [line.strip() for line in condition.splitlines() if "file_id" in line], checks.run_checks())
wrong = '"file"' in operation and '"file_id"' in condition and not checks.run_checks()
sys.exit(0 if wrong else "the behaviour has changed")
PY
