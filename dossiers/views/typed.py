"""What somebody typed for an action that was refused: shown again, so that it is not lost."""

from typing import Any

from django.http import HttpRequest

from dossiers.lifecycle import Transition


def typed_values(rule: Transition, request: HttpRequest) -> list[dict[str, Any]]:
    """Rows {key, value} of what was sent for the fields of `rule`; files by their names."""
    rows = []
    for field in rule.fields:
        values = [text for text in request.POST.getlist(field.name) if text.strip()]
        if field.kind in ("post", "agency", "agencies", "opinion", "document", "result"):
            continue  # numbers of records say nothing to a reader
        chosen = {str(key): str(label) for key, label in field.choices}
        values = [chosen.get(value, value) for value in values]
        values += [file.name or "" for file in request.FILES.getlist(field.name)]
        if values:
            rows.append({"key": field.label, "value": "\n".join(values)})
    return rows
