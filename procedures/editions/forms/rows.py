"""Forms of one entry of a draft's lists: a case, a limit, a fee line, a paper, a result."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, IntegerField, OwnFileInput
from procedures.display import fact_text
from procedures.editions.document import CONFIRMED, Facts
from procedures.editions.forms.periods import UNITS, PeriodForm
from procedures.models import Channel
from procedures.models.fees import UNITS_PAID_FOR
from vietnam.money import InvalidAmount, parse_money
from vietnam.numbers import format_number
from vietnam.text import fold

_NARROW = {"class": "govuk-input--width-10"}
_EXEMPTION = re.compile(r"(?P<name>.+?)\s*:\s*(?P<percent>\d{1,3})\s*%?")
TEMPLATE_SUFFIXES = (".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx")
LARGEST_TEMPLATE = 10 * 1024 * 1024


class Row(forms.Form):
    """`read` gives an entry's fields, `value` the entry that they say, over the one `before`."""

    keyed: ClassVar[bool] = False

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "case" in self.fields:
            cases = [(case["key"], fact_text(case)) for case in facts.get("cases", [])]
            self.fields["case"].choices = [("", _("Mọi trường hợp")), *cases]
            if not cases:
                self.fields["case"].widget = forms.HiddenInput()

    @classmethod
    def read(cls, entry: Facts) -> Facts:
        return dict(entry)

    def value(self, before: Facts) -> Facts:
        raise NotImplementedError(f"{type(self).__name__} does not say which entry its fields make")

    def _said(self, *names: str) -> Facts:
        return {name: self.cleaned_data[name] or None for name in names}


class Money(forms.CharField):
    """An amount in đồng as people write it: 50.000."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**_NARROW, "inputmode": "numeric", "maxlength": 20}
        super().__init__(strip=True, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_money(text[:40])
        except InvalidAmount:
            raise forms.ValidationError(_("Hãy ghi số tiền bằng đồng, ví dụ 50.000.")) from None

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit an amount; `to_python` has judged it."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "" if initial is not None else "") != (data or "").strip()


def _channels() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Cách nộp"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một cách nộp.")},
    )


def _unit(**kwargs: Any) -> IntegerField:
    """The number of a unit that a step of a fee begins or ends with."""
    widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"})
    return IntegerField(required=False, min_value=1, max_value=100_000, widget=widget, **kwargs)


def _case() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Trường hợp"), required=False)


class CaseRow(Row):
    keyed = True
    name = forms.CharField(label=_("Tên trường hợp"), max_length=300)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=300, required=False)

    def value(self, before: Facts) -> Facts:
        return {**before, **self._said("name", "name_en")}


class ResultRow(Row):
    name = forms.CharField(label=_("Tên kết quả"), max_length=500)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=500, required=False)
    code = forms.RegexField(
        label=_("Mã kết quả"),
        regex=r"^KQ\.[A-Y]\d{2}\.\d{3,7}$",
        required=False,
        help_text=_("Ví dụ KQ.G15.000031"),
        widget=forms.TextInput(attrs=_NARROW),
    )

    def value(self, before: Facts) -> Facts:
        return {**before, **self._said("name", "name_en", "code")}


class TermRow(PeriodForm, Row):
    channels = _channels()
    case = _case()
    unit = forms.ChoiceField(label=_("Đơn vị"), choices=[("", "–"), *UNITS])
    note = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False)

    field_order = ("channels", "case", "amount", "unit", "after_15h_next_day", "note")

    def value(self, before: Facts) -> Facts:
        return {
            **before,
            **self._said("channels", "case", "unit", "after_15h_next_day", "note"),
            "amount": self.amount_value(),
            "state": CONFIRMED,
            "source": "controller",
        }


class FeeRow(Row):
    name = forms.CharField(label=_("Tên khoản thu"), max_length=300)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            ("levy", _("lệ phí")),
            ("charge", _("phí")),
            ("price", _("giá dịch vụ")),
            ("unknown", _("chưa rõ")),
        ],
        initial="levy",
    )
    channels = _channels()
    case = _case()
    amount = Money(label=_("Số tiền (đồng)"), help_text=_("Ghi 0 nếu không thu."), required=False)
    per = forms.ChoiceField(
        label=_("Tính theo"),
        choices=UNITS_PAID_FOR,
        initial="dossier",
    )
    counts_from = _unit(label=_("Thu từ đơn vị thứ"), help_text=_("Khi mức thu theo bậc, ví dụ từ trang thứ 3."))
    counts_to = _unit(label=_("đến hết đơn vị thứ"))
    each = forms.ChoiceField(
        label=_("Số lượng này là của mỗi"),
        choices=[("", "–"), *UNITS_PAID_FOR[1:]],
        help_text=_("Ví dụ tính theo trang của mỗi bản: số tiền một bản nhân với số bản."),
        required=False,
    )
    at_most = Money(
        label=_("Thu tối đa (đồng)"),
        help_text=_("Cho mỗi bản, người… chọn ở trên; không chọn thì cho cả hồ sơ. Ghi ở mọi bậc của cùng khoản thu."),
        required=False,
    )
    value_from = Money(label=_("Giá trị từ (đồng)"), required=False)
    value_below = Money(label=_("đến dưới (đồng)"), required=False)
    valid_from = DateField(label=_("Thu từ ngày"), required=False)
    valid_to = DateField(label=_("Thu đến hết ngày"), required=False)
    exemptions = forms.CharField(
        label=_("Miễn, giảm"),
        help_text=_("Mỗi dòng một đối tượng và phần còn phải nộp, ví dụ: Người thuộc hộ nghèo: 0%"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    legal_basis = forms.CharField(label=_("Căn cứ pháp lý"), max_length=60, required=False)
    by_province = forms.BooleanField(
        label=_("Do Hội đồng nhân dân tỉnh quy định"),
        help_text=_("Chưa có nghị quyết thì để trống số tiền."),
        required=False,
    )
    on_request = forms.BooleanField(label=_("Chỉ thu khi người nộp yêu cầu thêm, như cấp bản sao"), required=False)

    @classmethod
    def read(cls, entry: Facts) -> Facts:
        lines = [f"{row['name']}: {row['percent']}%" for row in entry.get("exemptions", [])]
        days = {key: date.fromisoformat(entry[key]) for key in ("valid_from", "valid_to") if entry.get(key)}
        return {**entry, **days, "exemptions": "\n".join(lines), "by_province": entry.get("set_by") == "province"}

    def clean_exemptions(self) -> list[Facts]:
        rows: list[Facts] = []
        for line in filter(None, (" ".join(raw.split()) for raw in self.cleaned_data["exemptions"].splitlines())):
            match = _EXEMPTION.fullmatch(line)
            if match is None or int(match["percent"]) > 100:
                raise forms.ValidationError(
                    _("Không đọc được dòng “%(line)s”. Hãy ghi như: Người thuộc hộ nghèo: 0%%"), params={"line": line}
                )
            rows.append({"name": match["name"], "percent": int(match["percent"])})
        return rows

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("amount") is None and not said.get("by_province") and "amount" not in self.errors:
            self.add_error("amount", _("Hãy ghi số tiền, 0 nếu không thu."))
        low, high = said.get("value_from"), said.get("value_below")
        if high is not None and high <= (low or 0):
            self.add_error("value_below", _("Mức trên phải lớn hơn mức dưới."))
        if said.get("counts_to") and said["counts_to"] < (said.get("counts_from") or 1):
            self.add_error("counts_to", _("Đơn vị cuối không được trước đơn vị đầu."))
        if said.get("each") and said["each"] == said.get("per"):
            self.add_error("each", _("Khoản thu đã tính theo đơn vị này. Hãy chọn đơn vị khác hoặc để trống."))
        first, last = said.get("valid_from"), said.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày cuối phải sau ngày đầu."))
        return said

    def value(self, before: Facts) -> Facts:
        said = self.cleaned_data
        known = {row["name"]: row for row in before.get("exemptions", [])}
        exemptions = []
        for number, row in enumerate(said["exemptions"], start=1):
            stem = re.sub(r"[^a-z0-9]+", "-", fold(row["name"])).strip("-")[:40].strip("-")
            exemptions.append({"key": stem or f"muc-{number}", **known.get(row["name"], {}), **row})
        return {
            **before,
            **self._said("name", "name_en", "kind", "channels", "case", "per", "each", "legal_basis"),
            **self._said("counts_from", "counts_to"),
            "amount": said["amount"],
            "at_most": said["at_most"],
            "value_from": said["value_from"],
            "value_below": said["value_below"],
            "valid_from": said["valid_from"].isoformat() if said["valid_from"] else None,
            "valid_to": said["valid_to"].isoformat() if said["valid_to"] else None,
            "exemptions": exemptions or None,
            "on_request": said["on_request"] or None,
            "set_by": "province" if said["by_province"] else None,
            "state": CONFIRMED,
            "source": "controller",
        }


class DocumentRow(Row):
    keyed = True
    name = forms.CharField(label=_("Tên giấy tờ"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=2000, required=False)
    case = _case()
    originals = IntegerField(label=_("Số bản chính"), min_value=0, max_value=99, initial=0)
    copies = IntegerField(label=_("Số bản sao"), min_value=0, max_value=99, initial=0)
    kind = forms.ChoiceField(
        label=_("Nộp hay xuất trình"), choices=[("submit", _("nộp")), ("show", _("chỉ xuất trình"))], initial="submit"
    )
    required = forms.BooleanField(label=_("Bắt buộc"), required=False)
    when = forms.CharField(label=_("Khi nào cần"), max_length=1000, required=False)
    secret = forms.BooleanField(label=_("Giấy tờ mật (không số hóa)"), required=False)
    verification = forms.BooleanField(label=_("Văn bản xác minh của cơ quan (người dân không nộp)"), required=False)
    from_store = forms.BooleanField(label=_("Lấy được từ kho dữ liệu của người nộp"), required=False)
    issued_as = forms.RegexField(
        label=_("Là kết quả mã"),
        regex=r"^KQ\.[A-Y]\d{2}\.\d{3,7}$",
        required=False,
        help_text=_("Kết quả của thủ tục khác, ví dụ KQ.G15.000031"),
        widget=forms.TextInput(attrs=_NARROW),
    )
    database = forms.CharField(label=_("Thay bằng dữ liệu của"), max_length=300, required=False)
    partly = forms.BooleanField(label=_("Dữ liệu chỉ thay một phần giấy tờ này, vẫn phải nộp"), required=False)
    clause = forms.CharField(label=_("Điều, khoản quy định giấy tờ này"), max_length=300, required=False)
    form = forms.CharField(label=_("Số hiệu mẫu"), max_length=300, required=False)
    template_file = forms.FileField(
        label=_("Tệp mẫu để điền"),
        help_text=_("Tệp PDF, Word, Excel hoặc ODT, tối đa 10 MB."),
        required=False,
        widget=OwnFileInput,
    )

    @classmethod
    def read(cls, entry: Facts) -> Facts:
        replaced = entry.get("replaced_by_data", {})
        return {**entry, **{name: replaced.get(name, "") for name in ("database", "partly", "clause")}}

    def clean_template_file(self) -> Any:
        upload = self.cleaned_data["template_file"]
        if upload and not upload.name.lower().endswith(TEMPLATE_SUFFIXES):
            raise forms.ValidationError(_("Hãy gửi tệp PDF, Word, Excel hoặc ODT."))
        if upload and upload.size > LARGEST_TEMPLATE:
            raise forms.ValidationError(_("Tệp mẫu lớn hơn 10 MB. Hãy gửi tệp nhỏ hơn."))
        return upload

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if (said.get("clause") or said.get("partly")) and not said.get("database"):
            self.add_error("database", _("Hãy ghi cơ sở dữ liệu thay cho giấy tờ này."))
        if said.get("secret") and said.get("from_store"):
            self.add_error("from_store", _("Giấy tờ mật không có bản điện tử nên không lấy từ kho dữ liệu."))
        return said

    def value(self, before: Facts) -> Facts:
        said = self.cleaned_data
        replaced = None
        if said["database"]:
            kept = before.get("replaced_by_data", {})
            replaced = {
                **kept,
                "database": said["database"],
                "partly": said["partly"] or None,
                "clause": said["clause"] or None,
            }
        template = before.get("template")
        if said["template_file"]:
            template = default_storage.save(f"templates/{said['template_file'].name}", said["template_file"])
        return {
            **before,
            **self._said(
                "name", "name_en", "case", "kind", "when", "secret", "verification", "from_store", "issued_as", "form"
            ),
            "originals": said["originals"],
            "copies": said["copies"],
            "required": said["required"],
            "replaced_by_data": replaced,
            "template": template,
            "state": CONFIRMED,
            "source": "controller",
        }
