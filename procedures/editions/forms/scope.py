"""Whom a procedure is for, at which level and by whom it is settled: part of every draft, and how a new one begins."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.fields import NamedChoiceField
from procedures.competence.table import CONTROLLER, serves_level
from procedures.display import APPLICANTS, LEVELS
from procedures.editions.document import CONFIRMED, Facts
from procedures.editions.forms.fields import agency_choices
from procedures.editions.lifecycle.new_procedure import CODE
from procedures.models import Edition, Field
from vietnam.text import fold

_OURS = ("province", "commune")


class ScopeForm(forms.Form):
    field = NamedChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.all(), to_field_name="key", required=False, empty_label="–"
    )
    new_field = forms.CharField(
        label=_("Lĩnh vực chưa có trong danh sách"),
        help_text=_("Chỉ ghi khi không chọn được ở trên."),
        required=False,
        max_length=200,
    )
    levels = forms.MultipleChoiceField(
        label=_("Cấp giải quyết"),
        choices=list(LEVELS.items())[:3],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một cấp giải quyết.")},
    )
    settled_province = forms.ChoiceField(label=_("Cơ quan giải quyết ở cấp tỉnh"), required=False)
    settled_commune = forms.ChoiceField(label=_("Cơ quan giải quyết ở cấp xã"), required=False)
    applicants = forms.MultipleChoiceField(
        label=_("Đối tượng thực hiện"),
        choices=list(APPLICANTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một đối tượng thực hiện.")},
    )

    keys: tuple[str, ...] = ("field", "levels", "settled_by", "applicants")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = agency_choices()
        for level in _OURS:
            offered = [(key, name) for key, name in agencies if serves_level(key, level)]
            self.fields[f"settled_{level}"].choices = [("", "–"), *offered]

    @classmethod
    def read(cls, facts: Facts) -> Facts:
        settled = facts.get("settled_by", {})
        named = settled if isinstance(settled, dict) else dict.fromkeys(_OURS, settled)
        return {
            "field": facts["field"]["key"],
            "levels": facts["levels"],
            "applicants": facts["applicants"],
            **{f"settled_{level}": named.get(level, "") for level in _OURS if level in facts["levels"]},
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("field")) == bool(said.get("new_field")) and "field" not in self.errors:
            self.add_error("field", _("Hãy chọn một lĩnh vực, hoặc ghi tên lĩnh vực chưa có."))
        for level in _OURS:
            chosen = said.get(f"settled_{level}")
            if chosen and level not in said.get("levels", ()):
                self.add_error(f"settled_{level}", _("Thủ tục không có ở cấp này. Hãy đánh dấu cấp, hoặc để trống."))
        return said

    def value(self, facts: Facts) -> Facts:
        said = self.cleaned_data
        kept = [level for level in facts.get("levels", []) if level not in dict(LEVELS) or level == "other"]
        settled: Any = {level: said[f"settled_{level}"] for level in _OURS if said.get(f"settled_{level}")}
        changed = set(self.changed_data)
        if facts.get("settled_by") and not changed & {"levels", "settled_province", "settled_commune"}:
            settled = facts["settled_by"]
        levels, applicants = [*said["levels"], *kept], said["applicants"]
        return {
            "field": self._field(facts),
            "levels": facts["levels"] if set(levels) == set(facts.get("levels", ())) else levels,
            "settled_by": settled or None,
            "applicants": facts["applicants"] if set(applicants) == set(facts.get("applicants", ())) else applicants,
        }

    def _field(self, facts: Facts) -> Facts:
        said = self.cleaned_data
        if said["new_field"]:
            name = " ".join(said["new_field"].split())
            known = Field.objects.filter(search_key=fold(name)[:200]).first()
            if known is None:
                key = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:120].strip("_")
                return {"key": key or "field", "name": name}
        else:
            known = said["field"]
        if known.key == facts.get("field", {}).get("key"):
            return facts["field"]
        named = {"key": known.key, "name": known.name}
        return {**named, "name_en": known.name_en} if known.name_en else named


class NewProcedureForm(ScopeForm):
    """What a new procedure is. How long, how much and with which papers follow in its draft, part by part."""

    code = forms.RegexField(
        label=_("Mã thủ tục"),
        regex=rf"^{CODE.pattern}$",
        max_length=20,
        help_text=_("Mã quốc gia như 1.001193; mã riêng của tỉnh có đuôi như 5.000123.H05."),
        error_messages={
            "invalid": _(
                "Mã gồm một chữ số, dấu chấm và sáu chữ số, có thể thêm đuôi của tỉnh: 1.001193 hoặc 5.000123.H05."
            )
        },
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            ("receivable", _("Cho người dân, tổ chức: có trên danh sách công khai khi được công khai")),
            ("internal", _("Nội bộ giữa các cơ quan: không bao giờ có trên danh sách công khai")),
        ],
        initial="receivable",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Tên thủ tục"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    title_en = forms.CharField(
        label=_("Tên tiếng Anh"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    ministry = forms.CharField(label=_("Bộ, ngành quản lý"), max_length=200, required=False)
    online_level = forms.ChoiceField(
        label=_("Mức độ trực tuyến"), choices=Edition.OnlineLevel.choices, initial=Edition.OnlineLevel.NONE
    )
    legal_basis = forms.CharField(
        label=_("Căn cứ pháp lý"),
        help_text=_("Mỗi dòng một số hiệu văn bản."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = (
        "code", "kind", "title", "title_en", "field", "new_field", "ministry", "levels", "settled_province",
        "settled_commune", "applicants", "online_level", "legal_basis",
    )  # fmt: skip

    @property
    def internal(self) -> bool:
        return bool(self.cleaned_data["kind"] == "internal")

    def facts(self) -> Facts:
        said = self.cleaned_data
        lines = dict.fromkeys(" ".join(line.split()) for line in said["legal_basis"].splitlines())
        return {
            **self.value({}),
            "code": said["code"],
            "title": said["title"],
            "title_en": said["title_en"] or None,
            "ministry": said["ministry"] or None,
            "online_level": {"value": said["online_level"], "state": CONFIRMED, "source": CONTROLLER},
            "legal_basis": [line for line in lines if line],
            "terms": [],
            "fees": [],
            "documents": [],
            "results": [],
            "state": CONFIRMED,
            "source": CONTROLLER,
        }
