"""Forms of a draft's parts: each reads the facts document into fields and gives the changed keys back.

A row that a controller changes is confirmed by it; rows left alone keep their state and everything the form does
not show.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procedures.editions.document import CONFIRMED, Facts, free_beside_fees
from procedures.editions.forms.rows import CaseRow, DocumentRow, FeeRow, ResultRow, Row, TermRow
from procedures.editions.forms.scope import ScopeForm
from procedures.models import Edition
from vietnam.text import fold

MOST_ROWS = 200
EMPTY_ROWS = 1


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class GeneralForm(forms.Form):
    title = forms.CharField(label=_("Tên thủ tục"), max_length=1000, widget=_area(2))
    title_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=1000, required=False, widget=_area(2))
    legal_basis = forms.CharField(
        label=_("Căn cứ pháp lý"), help_text=_("Mỗi dòng một số hiệu văn bản."), required=False, widget=_area(5)
    )
    guidance = forms.CharField(label=_("Hướng dẫn cho người dân"), required=False, max_length=5000, widget=_area(4))
    guidance_en = forms.CharField(label=_("Hướng dẫn bằng tiếng Anh"), required=False, max_length=5000, widget=_area(4))
    conditions = forms.CharField(label=_("Điều kiện"), required=False, max_length=20_000, widget=_area(4))

    keys = ("title", "title_en", "legal_basis", "guidance", "guidance_en", "conditions")

    @classmethod
    def read(cls, facts: Facts) -> Facts:
        return {**{key: facts.get(key, "") for key in cls.keys}, "legal_basis": "\n".join(facts["legal_basis"])}

    def value(self, facts: Facts) -> Facts:
        said = self.cleaned_data
        return {
            **{key: said[key].strip() or None for key in self.keys},
            "legal_basis": _lines(said["legal_basis"]),
        }


class ServiceForm(forms.Form):
    online_level = forms.ChoiceField(label=_("Mức độ trực tuyến"), choices=Edition.OnlineLevel.choices)
    system = forms.ChoiceField(
        label=_("Hệ thống giải quyết"),
        choices=[("ours", _("Hệ thống của tỉnh")), ("ministry", _("Hệ thống tập trung của bộ, ngành"))],
    )
    system_name = forms.CharField(label=_("Tên hệ thống của bộ, ngành"), required=False, max_length=200)
    system_address = forms.URLField(
        label=_("Địa chỉ của hệ thống đó"), required=False, max_length=300, assume_scheme="https"
    )

    keys = ("online_level", "authoritative_system")

    @classmethod
    def read(cls, facts: Facts) -> Facts:
        system = facts.get("authoritative_system", {})
        named = system.get("value", "ours")
        ours = named == "ours"
        return {
            "online_level": facts["online_level"]["value"],
            "system": "ours" if ours else "ministry",
            "system_name": "" if ours else named.removeprefix("ministry:"),
            "system_address": system.get("address", ""),
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("system") == "ministry" and not said.get("system_name"):
            self.add_error("system_name", _("Hãy ghi tên hệ thống của bộ, ngành."))
        return said

    def value(self, facts: Facts) -> Facts:
        said = self.cleaned_data
        if "online_level" in self.changed_data:
            online = {"value": said["online_level"], "state": CONFIRMED, "source": "controller"}
        else:
            online = facts["online_level"]
        if not {"system", "system_name", "system_address"} & set(self.changed_data):
            return {"online_level": online, "authoritative_system": facts.get("authoritative_system")}
        if said["system"] == "ours":
            system: Facts = {"value": "ours"}
        else:
            system = {"value": f"ministry:{said['system_name']}", "address": said["system_address"] or None}
        return {"online_level": online, "authoritative_system": {**system, "state": CONFIRMED, "source": "controller"}}


class Rows(BaseFormSet):
    """A list of the facts document; `key` names it and `row` is the form of an entry."""

    row: type[Row]
    key: str

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        self.facts = facts
        entries = facts.get(self.key, [])
        initial = [self.row.read(entry) for entry in entries]
        super().__init__(*args, initial=initial, form_kwargs={"facts": facts}, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """What a source left unclear does not keep a person from saving another row."""
        form = super()._construct_form(i, **kwargs)
        form.empty_permitted = True
        form.use_required_attribute = False
        return form

    def value(self, facts: Facts) -> Facts:
        """The list as the rows now say it; an entry keeps what its form does not show."""
        entries = facts.get(self.key, [])
        taken = {entry["key"] for entry in entries if "key" in entry}
        written = []
        for place, form in enumerate(self.forms):
            if self._should_delete_form(form):
                continue
            before = entries[place] if place < min(self.initial_form_count(), len(entries)) else None
            if not form.has_changed():
                written += [before] if before is not None else []
                continue
            entry = form.value(before or {})
            if self.row.keyed and not entry.get("key"):
                entry["key"] = _free_key(entry["name"], taken)
                taken.add(entry["key"])
            written.append({name: said for name, said in entry.items() if said is not None or name == "amount"})
        changed: Facts = {self.key: written if written or self.key in facts else None}
        if self.key == "fees":
            changed["free"] = free_beside_fees({**facts, "fees": written}, facts)
        return changed

    @property
    def keys(self) -> tuple[str, ...]:
        return ("fees", "free") if self.key == "fees" else (self.key,)


def _free_key(name: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40].strip("-") or "muc"
    number = 1
    while (key := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return key


def _rows(row: type[Row], key: str) -> type[Rows]:
    made: Any = formset_factory(
        row,
        formset=Rows,
        extra=EMPTY_ROWS,
        can_delete=True,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + EMPTY_ROWS,  # a request cannot make a thousand rows be drawn
    )
    made.row, made.key = row, key
    return made


@dataclass(frozen=True)
class Part:
    key: str
    label: Promise
    form: Any
    hint: Promise | str = ""

    @property
    def many(self) -> bool:
        return issubclass(self.form, BaseFormSet)

    def bound(self, facts: Facts, data: Any = None, files: Any = None) -> Any:
        """The part's form or list of forms for a facts document, with what was sent."""
        if self.many:
            return self.form(data, files, facts=facts, prefix=self.key)
        return self.form(data, initial=self.form.read(facts))


PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        Part("general", _("Tên, căn cứ, hướng dẫn"), GeneralForm),
        Part("scope", _("Lĩnh vực, cấp, đối tượng, cơ quan giải quyết"), ScopeForm),
        Part("service", _("Mức độ trực tuyến và hệ thống"), ServiceForm),
        Part(
            "cases", _("Trường hợp"), _rows(CaseRow, "cases"), _("Trường hợp chọn giấy tờ, phí, thời hạn và quy trình.")
        ),
        Part("terms", _("Thời hạn"), _rows(TermRow, "terms")),
        Part("fees", _("Phí, lệ phí"), _rows(FeeRow, "fees"), _("Không có dòng nào: không thu phí.")),
        Part("documents", _("Giấy tờ"), _rows(DocumentRow, "documents")),
        Part("results", _("Kết quả"), _rows(ResultRow, "results")),
    )
}


def faults(bound: Any) -> Sequence[str]:
    """Sentences about a list of forms as a whole."""
    return [str(error) for error in bound.non_form_errors()] if isinstance(bound, BaseFormSet) else []
