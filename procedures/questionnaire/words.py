"""Names of kinds, parts and choices in the reader's language, and the sentence for each thing a schema refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema.exceptions import ValidationError as SchemaError

from procedures.questionnaire.answers import PART_KINDS
from procedures.questionnaire.layout import Layout, Question
from procedures.questionnaire.schema import is_iso_date
from vietnam.dates import is_partial_date
from vietnam.money import format_money

KIND_NAMES: dict[str, Promise] = {
    "text": gettext_lazy("Một dòng chữ"),
    "long_text": gettext_lazy("Đoạn văn"),
    "number": gettext_lazy("Số"),
    "money": gettext_lazy("Số tiền"),
    "date": gettext_lazy("Ngày"),
    "birth_date": gettext_lazy("Ngày sinh, có thể chỉ biết tháng hoặc năm"),
    "personal_number": gettext_lazy("Số định danh cá nhân"),
    "paper_number": gettext_lazy("Số định danh cá nhân hoặc số hộ chiếu"),
    "tax_number": gettext_lazy("Mã số thuế"),
    "phone": gettext_lazy("Số điện thoại"),
    "email": gettext_lazy("Thư điện tử"),
    "choice": gettext_lazy("Chọn một"),
    "yes_no": gettext_lazy("Có hay không"),
    "several": gettext_lazy("Chọn nhiều"),
    "declaration": gettext_lazy("Lời cam đoan"),
    "person": gettext_lazy("Người"),
    "enterprise": gettext_lazy("Doanh nghiệp"),
    "address": gettext_lazy("Địa chỉ"),
    "rows": gettext_lazy("Bảng nhiều dòng"),
    "computed": gettext_lazy("Tự tính"),
    "file": gettext_lazy("Giấy tờ đính kèm"),
    "note": gettext_lazy("Lời nhắc"),
}
PART_NAMES: dict[str, Promise] = {
    "name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "personal_number": gettext_lazy("Số định danh cá nhân hoặc số hộ chiếu"),
    "nationality": gettext_lazy("Quốc tịch"),
    "tax_number": gettext_lazy("Mã số thuế"),
    "representative": gettext_lazy("Người đại diện theo pháp luật"),
    "commune": gettext_lazy("Xã, phường trong tỉnh"),
    "elsewhere": gettext_lazy("Nơi ngoài tỉnh"),
    "detail": gettext_lazy("Số nhà, đường, thôn, tổ dân phố"),
}
LATE = "late"  # a day that is right in itself, and after today
SEXES: dict[str, Promise] = {"male": gettext_lazy("Nam"), "female": gettext_lazy("Nữ")}


def part_name(kind: str, part: str) -> str:
    return _("Tên doanh nghiệp, tổ chức") if (kind, part) == ("enterprise", "name") else str(PART_NAMES[part])


def yes_no(value: bool) -> str:
    return _("Có") if value else _("Không")


def refusal(layout: Layout, error: SchemaError, places: Mapping[str, Sequence[int]]) -> tuple[str, str]:
    """(name of the field on the page, sentence) for one thing that the schema refuses."""
    path = list(error.absolute_path)
    if error.validator == "required":
        path.append(_absent(error))
    questions = layout.by_id()
    question = questions.get(str(path[0])) if path else None
    if question is None:
        return "", _("Tờ khai có câu trả lời không được hỏi. Hãy mở lại trang rồi điền lại.")
    field, label, kind, needed = _place(question, path[1:], places)
    late = error.validator == "format" and (
        (error.validator_value == "past-date" and is_iso_date(error.instance))
        or (error.validator_value == "birth-date" and is_partial_date(error.instance))
    )
    validator = LATE if late else str(error.validator)
    return field, sentence(validator, error.validator_value, kind, label, needed)


def _absent(error: SchemaError) -> str:
    """The missing property of a `required` error: jsonschema yields one error for each."""
    return next((name for name in error.validator_value if error.message.startswith(repr(name))), "")


def _place(
    question: Question, inside: list[Any], places: Mapping[str, Sequence[int]]
) -> tuple[str, str, str, Question]:
    """(field on the page, what it is called, its simple kind, the question whose limits hold)."""
    if question.kind == "rows":
        columns = {column.id: column for column in question.columns}
        rows = places.get(question.id) or ()
        row = rows[inside[0]] if inside and inside[0] < len(rows) else 0
        first = next(iter(columns.values()))
        column = columns.get(str(inside[1])) if len(inside) > 1 else None
        if column is None:
            return f"{question.id}-{row}-{first.id}", label_of(question), "rows", question
        return f"{question.id}-{row}-{column.id}", label_of_cell(question, column, row + 1), column.kind, column
    if parts := question.asked_parts():
        part = str(inside[0]) if inside else next(iter(parts))
        field = f"{question.id}-{part}"
        if not inside:
            return field, label_of(question), question.kind, question
        return field, label_of_part(question, part), kind_of_part(part, question), question
    return question.id, label_of(question), question.kind, question


def label_of(question: Question) -> str:
    return question.local_text().rstrip("?:. ")


def label_of_cell(question: Question, column: Question, row: int | str) -> str:
    named = {"table": label_of(question), "n": row, "column": label_of(column)}
    return _("%(table)s, dòng %(n)s: %(column)s") % named


def label_of_part(question: Question, part: str) -> str:
    named = part_name(question.kind, part)
    return f"{label_of(question)}: {named[:1].lower()}{named[1:]}"


def kind_of_part(part: str, question: Question | None = None) -> str:
    if part == "birth_date" and question is not None and question.whole_date:
        return "date"
    return {"sex": "choice", "commune": "choice"}.get(part, PART_KINDS.get(part, "text"))


def sentence(validator: str, limit: Any, kind: str, label: str, question: Question) -> str:
    """What is said when this keyword of the schema, with this limit, refuses an answer of the kind."""
    named = {"label": label, "name": label[:1].lower() + label[1:], "limit": limit}
    match validator:
        case "required" | "minLength" | "minItems" | "const":
            return _required(kind) % named
        case "maxLength":
            return _("%(label)s chỉ được dài tối đa %(limit)s ký tự.") % named
        case "minimum" | "maximum":
            if kind == "money":
                named["limit"] = format_money(int(limit))
            if validator == "minimum":
                return _("%(label)s không được nhỏ hơn %(limit)s.") % named
            return _("%(label)s không được lớn hơn %(limit)s.") % named
        case "maxItems":
            return _("%(label)s có tối đa %(limit)s dòng.") % named
        case "enum":
            return _("%(label)s: lựa chọn này không có trong danh sách, hãy chọn lại.") % named
        case "oneOf":
            return _("Hãy chọn xã, phường trong tỉnh hoặc ghi nơi ngoài tỉnh ở mục: %(label)s.") % named
        case "late":
            return _("%(label)s không được sau hôm nay.") % named
    return _unreadable(kind, question) % named


def _required(kind: str) -> str:
    if kind == "declaration":
        return _("Hãy đánh dấu ô: %(label)s.")
    if kind == "rows":
        return _("Hãy điền ít nhất một dòng ở mục: %(label)s.")
    if kind in ("choice", "several", "yes_no"):
        return _("Hãy chọn ở mục: %(label)s.")
    if kind in ("person", "enterprise", "address"):
        return _("Hãy điền mục: %(label)s.")
    return _("Hãy nhập %(name)s.")


def _unreadable(kind: str, question: Question) -> str:
    match kind:
        case "date":
            return _("%(label)s phải là ngày có thật, viết như 22/11/2026.")
        case "birth_date":
            return _(
                "%(label)s phải là ngày có thật, viết như 22/11/1990; "
                "chỉ biết tháng hoặc năm thì viết 11/1990 hoặc 1990."
            )
        case "number":
            whole = _("%(label)s phải là số nguyên, ví dụ 3.")
            return whole if question.counts else _("%(label)s phải là số, ví dụ 12.")
        case "money":
            return _("%(label)s phải là số tiền bằng đồng, ví dụ 50.000.")
        case "personal_number":
            return _("%(label)s không đúng. Số này có 12 chữ số; hãy xem lại từng chữ số trên căn cước.")
        case "paper_number":
            return _("%(label)s không đúng. Số định danh có 12 chữ số; người nước ngoài ghi số hộ chiếu gồm chữ và số.")
        case "tax_number":
            return _("%(label)s không đúng. Hãy xem lại từng chữ số.")
        case "phone":
            return _("%(label)s phải là số điện thoại ở Việt Nam, ví dụ 0912 345 678.")
        case "email":
            return _("%(label)s phải là địa chỉ thư điện tử, ví dụ ten@example.com.")
        case "choice" | "several" | "yes_no":
            return _("%(label)s: lựa chọn này không có trong danh sách, hãy chọn lại.")
    hint = question.local_hint()
    return _("%(label)s chưa đúng mẫu.") + (f" {hint}" if hint else "")
