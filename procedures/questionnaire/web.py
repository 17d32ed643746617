"""The web renderer: a layout as a form of the design system. It validates nothing itself (`validation` does)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from procedures.questionnaire import answers, schema, words
from procedures.questionnaire.addresses import understood
from procedures.questionnaire.browser import attributes, page_rules
from procedures.questionnaire.conditions import NO, YES, condition_holds, conditions_of, settle_conditions
from procedures.questionnaire.layout import CASE, SILENT, Layout, Question, Section
from procedures.questionnaire.schema import Context
from procedures.questionnaire.validation import validate_answers

FEW = 7  # choices that are shown one below the other; more become a list to open
MORE = "more-"  # a button with this name and a table's id asks for another row


_DAYS = {
    "date": _lazy("Ngày/tháng/năm, ví dụ 22/11/2026"),
    "birth_date": _lazy("Ví dụ 22/11/1990. Chỉ biết tháng hoặc năm thì viết 11/1990 hoặc 1990."),
}


class _AsTyped:
    """A field that hands on what was typed; the schema judges it."""

    def clean(self, value: Any) -> Any:
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


class _Text(_AsTyped, forms.CharField):
    pass


class _Choice(_AsTyped, forms.ChoiceField):
    pass


class _Several(_AsTyped, forms.MultipleChoiceField):
    pass


class _Tick(_AsTyped, forms.BooleanField):
    pass


class TickedChoices(forms.CheckboxSelectMultiple):
    """Several choices, each with a name of its own, so that a page's answers are one text a name."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["name"] = f"{name}--{value}"
        return option

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return [str(value) for value, _label in self.choices if data.get(f"{name}--{value}")]


class AnswerForm(forms.Form):
    """The page of a layout. After `is_valid`, `values` are the answers to keep."""

    def __init__(
        self,
        layout: Layout,
        rules: Mapping[str, Any],
        data: Any = None,
        *,
        typed: Mapping[str, str] | None = None,
        communes: Mapping[str, str],
        around: Context,
        case: str = "",
        documents: Mapping[str, str] | None = None,
        more: str = "",
    ) -> None:
        """`typed`: answers shown at first; `more`: id of a table that gets an empty row; `documents`: names by key."""
        super().__init__(data)
        self.layout, self.rules, self.around, self.case = layout, rules, around, case
        self.communes, self.documents = communes, documents or {}
        self.flat = {name: str(text) for name, text in (data if data is not None else typed or {}).items()}
        self.values: dict[str, Any] = {}
        self.initial = dict(self.flat)
        self._rows: dict[str, int] = {}
        read, _places = answers.read_answers(layout, self.flat)
        kept, self.asked = settle_conditions(layout, read, today=around.today, case=case)
        self.computed = {q.id: kept.get(q.id) for _s, q in layout.questions() if q.kind == "computed"}
        for _section, question in layout.questions():
            self._add(question, more=question.id == more)

    def _add(self, question: Question, *, more: bool) -> None:
        if question.kind in (*SILENT, "computed"):
            return
        if question.kind == "rows":
            rows = max(answers.rows_typed(question, self.flat), 1) + more
            self._rows[question.id] = min(rows, schema.most_rows(question))
            for n in range(self._rows[question.id]):
                for column in question.columns:
                    name = f"{question.id}-{n}-{column.id}"
                    self.fields[name] = self._field(column, column.local_text(), name)
        elif parts := question.asked_parts():
            for part, needed in parts.items():
                name = f"{question.id}-{part}"
                self.fields[name] = self._part(question, part, needed)
                if part == "nationality":
                    self.initial.setdefault(name, answers.DEFAULT_NATIONALITY)
        else:
            self.fields[question.id] = self._field(question, question.local_text(), question.id)

    def _field(self, question: Question, label: str, name: str) -> forms.Field:
        kind, attrs = question.kind, attributes(question.kind)
        named: dict[str, Any] = {"label": label, "help_text": question.local_hint()}
        named["required"] = schema.is_required(question)
        if kind in _DAYS:
            if name != question.id:  # in a table, where a hint in each row would only lengthen it
                attrs["placeholder"] = _("ngày/tháng/năm")
            elif not named["help_text"]:
                named["help_text"] = _DAYS[kind]
        if kind in ("choice", "yes_no"):
            options = [(o.key, o.local_text()) for o in question.options] or [
                (YES, words.yes_no(True)),
                (NO, words.yes_no(False)),
            ]
            if len(options) > FEW or name != question.id:
                return _Choice(choices=[("", "–"), *options], **named)
            return _Choice(choices=options, widget=forms.RadioSelect, **named)
        if kind == "several":
            self.initial[name] = [o.key for o in question.options if self.flat.get(f"{name}--{o.key}")]
            return _Several(choices=[(o.key, o.local_text()) for o in question.options], widget=TickedChoices, **named)
        if kind == "declaration":
            return _Tick(**named)
        if kind == "long_text":
            return _Text(widget=forms.Textarea({"rows": 4, **attrs}), **named)
        return _Text(widget=forms.TextInput(attrs), **named)

    def _part(self, question: Question, part: str, needed: bool) -> forms.Field:
        # One of two places is asked for, so neither is called optional.
        either = part in ("commune", "elsewhere")
        named: dict[str, Any] = {"label": words.part_name(question.kind, part), "required": needed or either}
        if part == "sex":
            return _Choice(choices=[(k, v) for k, v in words.SEXES.items()], widget=forms.RadioSelect, **named)
        if part == "commune":
            return _Choice(choices=[("", _("Chọn xã, phường")), *self.communes.items()], **named)
        if part == "elsewhere":
            named["help_text"] = _("Ghi khi không ở trong tỉnh: xã, phường, tỉnh, hoặc nước. Địa chỉ cũ cũng được.")
        kind = answers.PART_KINDS.get(part, "text")
        if part == "birth_date":
            named["help_text"] = _("Ví dụ 22/11/1990") if question.whole_date else _DAYS["birth_date"]
        return _Text(widget=forms.TextInput(attributes(kind)), **named)

    def page_rules(self) -> str:
        """The same rules with their sentences, for the check in the browser."""
        return page_rules(self.layout, self.rules, self.around.today, self.case)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        typed = {**self.flat, **self._understood()}
        judged = validate_answers(self.layout, self.rules, typed, self.around, self.case)
        self.values = judged.values
        for field, sentence in judged.mistakes:
            self.add_error(field if field in self.fields else None, sentence)
        return given

    def _understood(self) -> dict[str, str]:
        """Old addresses within the province, as today's communes."""
        found: dict[str, str] = {}
        for _section, question in self.layout.questions():
            elsewhere = answers.simple("text", self.flat.get(f"{question.id}-elsewhere", "")) or ""
            if "commune" not in question.asked_parts() or self.flat.get(f"{question.id}-commune"):
                continue
            if not elsewhere or len(elsewhere) > schema.SHORT:
                continue
            if known := understood(elsewhere, self.communes):
                before = answers.simple("text", self.flat.get(f"{question.id}-detail", "")) or ""
                detail = ", ".join(text for text in (before, known.detail) if text)
                if len(detail) <= schema.SHORT or len(before) > schema.SHORT:  # never a mistake that nobody made
                    found |= {f"{question.id}-commune": known.commune, f"{question.id}-detail": detail}
        return found

    def groups(self) -> list[dict[str, Any]]:
        """For the page: sections with what they ask, each with how it is shown."""
        made = []
        for section in self.layout.sections:
            items = [self._item(q) for q in section.questions if not self._ruled_out(section, q)]
            if items or not section.questions:
                hidden = bool(items) and all(item["hidden"] for item in items)
                head = {"title": section.local_text(), "note": section.local_note()}
                made.append({**head, "hidden": hidden, "items": items})
        return made

    def _ruled_out(self, section: Section, question: Question) -> bool:
        """The case does not change on this page, so what it leaves out is not there at all."""
        case = {CASE: self.case} if self.case else {}
        return any(c.field == CASE and not condition_holds(c, case, {}) for c in conditions_of(section, question))

    def _item(self, question: Question) -> dict[str, Any]:
        item: dict[str, Any] = {
            "question": question,
            "label": question.local_text(),
            "hint": question.local_hint(),
            "hidden": question.id not in self.asked,
            "required": schema.is_required(question),
        }
        if question.kind == "rows":
            rows = [
                [self[f"{question.id}-{n}-{column.id}"] for column in question.columns]
                for n in range(self._rows[question.id])
            ]
            full = len(rows) >= schema.most_rows(question)
            return {**item, "shape": "rows", "rows": rows, "more": "" if full else f"{MORE}{question.id}"}
        if parts := question.asked_parts():
            return {**item, "shape": "parts", "fields": [self[f"{question.id}-{part}"] for part in parts]}
        if question.kind == "computed":
            value = self.computed[question.id]
            return {**item, "shape": "computed", "value": "" if value is None else answers.written("computed", value)}
        if question.kind == "file":
            return {**item, "shape": "file", "document": self.documents.get(question.document, question.local_text())}
        return {**item, "shape": question.kind if question.kind == "note" else "field", "field": self._own(question)}

    def _own(self, question: Question) -> forms.BoundField | None:
        return self[question.id] if question.id in self.fields else None


def names(layout: Layout) -> set[str]:
    """Every name that the page of a layout may send."""
    found: set[str] = set()
    for _section, question in layout.questions():
        found.add(question.id)
        found |= {f"{question.id}-{part}" for part in question.asked_parts()}
        found |= {f"{question.id}--{option.key}" for option in question.options}
        if question.kind == "rows":
            found |= {
                f"{question.id}-{n}-{column.id}"
                for n in range(schema.most_rows(question))
                for column in question.columns
            }
    return found
