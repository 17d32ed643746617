"""Rows that replace a part of a paper say so in a column, and those taken as wholly go back to a person."""

import re

from django.db import migrations, models
from django.db.models import Q

REMARK = re.compile(r"\s*\(\s*(?:thay thế\s+)?(?:một|1|01)\s+phần\s*\)", re.I)


def mark_parts(apps, schema_editor):
    Replacement = apps.get_model("procedures", "Replacement")
    for row in Replacement.objects.filter(Q(paper__icontains="phần)") | Q(database__icontains="phần)")):
        paper, database = (REMARK.sub("", text).strip() for text in (row.paper, row.database))
        if (paper, database) == (row.paper, row.database):
            continue
        row.paper, row.database, row.partly = paper, database, True
        if row.status in ("applied", "proposed"):
            row.status, row.document_key = "doubtful", ""
        row.save(update_fields=["paper", "database", "partly", "status", "document_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0010_versions_with_a_second_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='replacement',
            name='partly',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='requireddocument',
            name='partly_replaced_by',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name='replacement',
            name='procedure_name',
            field=models.CharField(max_length=2000),
        ),
        migrations.RunPython(mark_parts, migrations.RunPython.noop),
    ]
