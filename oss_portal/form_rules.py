"""The rules of a Django form for the check in the browser, as `procedures.questionnaire.browser` has them of a tờ khai.

Only what one field says by itself, and what a choice reveals: the browser then refuses nothing that the server takes.
What hangs on other facts (a password, an account that exists) is said by the server alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone

from oss_portal.form_sentences import sentence_for
from procedures.questionnaire.browser import births
from vietnam.identity import Fault


def page_rules(form: forms.BaseForm) -> str:
    """JSON, in the reader's language."""
    revealed = form.revealed() if hasattr(form, "revealed") else {}
    found = [_rule(field, form, revealed.get(field.name, "")) for field in form if _is_checked(field.field)]
    rules = {
        "today": timezone.localdate().isoformat(),
        "births": births(),
        "questions": [rule for rule in found if rule["checks"] or "needed" in rule],
    }
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def _is_checked(field: forms.Field) -> bool:
    # A file goes by another way, and several choices have no rule of their own.
    return not isinstance(field, (forms.FileField, forms.MultipleChoiceField, forms.ModelMultipleChoiceField))


def _rule(bound: BoundField, form: forms.BaseForm, choice: str) -> dict[str, Any]:
    field = bound.field
    made: dict[str, Any] = {
        "id": bound.html_name,
        "kind": getattr(field, "kind", "as_typed"),
        "checks": list(_checks(bound)),
    }
    if isinstance(field, forms.BooleanField):
        made["kind"] = "declaration"
    if isinstance(field, forms.EmailField):
        made["kind"] = "email"
    optional = bound.name in getattr(form, "optional", ())
    if not optional and (field.required or choice):
        made["needed"] = sentence_for(bound, "required")
    if choice:
        made["when"] = [[form.add_prefix(form.decides), "is", choice]]
    return made


def _checks(bound: BoundField) -> Iterator[list[Any]]:
    """[keyword, its limit, the sentence], in the order in which Django asks."""
    field = bound.field
    kind, faults = getattr(field, "kind", ""), {str(k): str(said) for k, said in getattr(field, "faults", {}).items()}
    if isinstance(field, forms.EmailField):
        yield ["format", "mailbox", sentence_for(bound, "invalid")]
    if isinstance(field, forms.CharField) and field.max_length is not None:
        yield ["maxLength", field.max_length, sentence_for(bound, "max_length", limit_value=field.max_length)]
    if isinstance(field, forms.CharField) and field.min_length is not None:
        yield ["minLength", field.min_length, sentence_for(bound, "min_length", limit_value=field.min_length)]
    match kind:
        case "personal_number":
            yield ["format", "personal-number", faults]
            yield ["born", None, faults["year_in_future"]]
        case "tax_number":
            yield ["format", "tax-number", {fault: faults.get(fault, faults["format"]) for fault in Fault}]
        case "phone":
            yield ["format", "phone", faults["format"]]
        case "birth_date":
            yield ["format", "birth-date", faults["format"]]
            yield ["late", None, faults["late"]]
        case "date":
            yield ["format", "date", faults["format"]]
            yield ["late", None, faults["late"]]
