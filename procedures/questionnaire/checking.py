"""What is wrong with a layout, in sentences, before it can come into force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from procedures.questionnaire.comparisons import MOST_MONTHS, OF_DATES, OPS, TODAY
from procedures.questionnaire.conditions import NO, YES
from procedures.questionnaire.formulas import UnreadableFormula
from procedures.questionnaire.formulas import read_formula as read_formula
from procedures.questionnaire.layout import (
    CASE,
    COUNTED,
    KINDS,
    OPERATORS,
    PARTS,
    SILENT,
    SIMPLE,
    Condition,
    Layout,
    Question,
)
from procedures.questionnaire.words import kind_of_part

MOST_QUESTIONS, MOST_COLUMNS, MOST_OPTIONS = 120, 12, 200
COMPARED = ("date", "address", "text")  # kinds whose answers can be held against an earlier one
# A question may become one whose answers include all of its former kind: what was answered stays an answer.
WIDENED = {("personal_number", "paper_number")}
LONGEST_LABEL, LONGEST_PATTERN = 300, 100
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,59}\Z")
# Patterns that a browser and the server read alike and that cannot run away: no groups repeated, no references.
_PATTERN = re.compile(r"(?:[A-Za-z0-9À-ỹ /_:-]|\[(?:[A-Za-z0-9À-ỹ /_.-])+\]|\\[d.])(?:[?]|\{\d{1,2}(?:,\d{1,2})?\})?")
_CONTENT = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class Problem:
    """A mistake and the question (or the section, by ``section-1``) where it is; empty: the whole form."""

    where: str
    sentence: str


def layout_problems(
    layout: Layout,
    *,
    documents: Collection[str] = (),
    cases: Collection[str] = (),
    former: Layout | None = None,
) -> list[Problem]:
    """`documents` and `cases` are keys of the edition; `former` is the version in force, whose ids keep their kind or
    get a wider one."""
    found = list(_whole(layout, documents))
    before: dict[str, Question] = {}
    kinds = {id_: question.kind for id_, question in former.by_id().items()} if former else {}
    for n, section in enumerate(layout.sections, 1):
        where = f"section-{n}"
        if not section.title.strip():
            found.append(Problem(where, _("Phần %(n)s chưa có tên.") % {"n": n}))
        if section.when:
            found += _condition(where, _("Phần “%s”") % section.title, section.when, before, cases)
        for question in section.questions:
            found += _question(question, before, documents, cases)
            earlier = kinds.get(question.id, question.kind)
            if earlier != question.kind and (earlier, question.kind) not in WIDENED:
                sentence = _(
                    "%(label)s: mã “%(id)s” ở bản đang áp dụng là loại câu hỏi khác. Hãy bỏ câu này và thêm câu mới."
                )
                found.append(Problem(question.id, sentence % _named(question)))
            before[question.id] = question
    return found


def _named(question: Question) -> dict[str, str]:
    return {"label": question.label or question.id, "id": question.id}


def _whole(layout: Layout, documents: Collection[str]) -> list[Problem]:
    found = []
    asked = [question for _section, question in layout.questions()]
    if not layout.title.strip():
        found.append(Problem("", _("Tờ khai chưa có tên.")))
    if not any(question.kind not in SILENT for question in asked):
        found.append(Problem("", _("Tờ khai chưa có câu hỏi nào. Hãy thêm câu hỏi.")))
    if len(asked) > MOST_QUESTIONS:
        found.append(Problem("", _("Tờ khai có tối đa %(n)s câu hỏi.") % {"n": MOST_QUESTIONS}))
    if layout.document and layout.document not in documents:
        found.append(Problem("", _("Tờ khai thay cho một giấy tờ không có trong thành phần hồ sơ. Hãy chọn lại.")))
    for id_, times in Counter(question.id for question in asked).items():
        if times > 1:
            found.append(
                Problem(
                    id_, _("Mã “%(id)s” dùng cho %(n)s câu hỏi. Mỗi câu cần một mã riêng.") % {"id": id_, "n": times}
                )
            )
    for per, times in Counter(question.counts for question in asked if question.counts).items():
        if times > 1:
            where = [question.id for question in asked if question.counts == per][1]
            found.append(Problem(where, _("Hai câu hỏi cùng đếm một thứ để tính phí, lệ phí. Chỉ để một câu.")))
    known = layout.by_id()
    for name in _CONTENT.findall(layout.content):
        id_, _dot, part = name.partition(".")
        if id_ not in known or (part and part not in known[id_].asked_parts()):
            found.append(Problem("", _("Câu tóm tắt nhắc đến “{%(name)s}” nhưng tờ khai không có.") % {"name": name}))
    return found


def _question(
    question: Question, before: Mapping[str, Question], documents: Collection[str], cases: Collection[str]
) -> list[Problem]:
    named = _named(question)
    found: list[str] = []
    if not _ID.match(question.id) or question.id == CASE:
        found.append(_("Mã “%(id)s” không dùng được. Mã bắt đầu bằng chữ thường, chỉ có chữ thường, số và gạch dưới."))
    if question.kind not in KINDS:
        return [Problem(question.id, _("%(label)s: hãy chọn loại câu hỏi.") % named)]
    if not question.label.strip():
        found.append(_("Câu hỏi “%(id)s” chưa có nội dung."))
    if len(question.label) > LONGEST_LABEL or len(question.label_en) > LONGEST_LABEL:
        found.append(_("%(label)s: câu hỏi quá dài."))
    found += _of_kind(question, documents)
    if question.kind == "computed":
        found += _formula(question, before)
    if question.kind == "rows":
        found += _columns(question)
    made = [Problem(question.id, sentence % named) for sentence in found]
    if question.compare:
        made += [Problem(question.id, sentence % named) for sentence in _comparisons(question, before)]
    if question.when:
        made += _condition(question.id, named["label"], question.when, before, cases)
    return made


def _of_kind(question: Question, documents: Collection[str]) -> list[str]:
    found = []
    keys = [option.key for option in question.options]
    if question.kind in ("choice", "several"):
        if len(keys) < 2 - (question.kind == "several"):
            found.append(_("%(label)s: hãy ghi các lựa chọn, mỗi dòng một lựa chọn."))
        if len(set(keys)) < len(keys) or not all(_KEY.match(key) for key in keys) or len(keys) > MOST_OPTIONS:
            found.append(_("%(label)s: các lựa chọn trùng nhau hoặc có mã không dùng được."))
        if not all(option.label.strip() for option in question.options):
            found.append(_("%(label)s: có lựa chọn chưa ghi tên."))
    if question.kind == "file" and question.document not in documents:
        found.append(_("%(label)s: hãy chọn giấy tờ trong thành phần hồ sơ."))
    if question.parts and not set(question.asked_parts()) <= {
        part.rstrip("?") for part in PARTS.get(question.kind, ())
    }:
        found.append(_("%(label)s: có phần không thuộc loại câu hỏi này."))
    if question.least is not None and question.most is not None and question.least > question.most:
        found.append(_("%(label)s: số nhỏ nhất lớn hơn số lớn nhất."))
    if question.kind in ("text", "long_text", "rows") and question.most is not None and question.most < 1:
        found.append(_("%(label)s: giới hạn phải lớn hơn 0."))
    if question.counts and (question.kind not in ("number", "computed") or question.counts not in COUNTED):
        found.append(_("%(label)s: chỉ một câu hỏi loại số mới đếm được cho phí, lệ phí."))
    elif question.counts and question.kind == "number" and (question.least is None or question.least < 0):
        found.append(_("%(label)s: số dùng để tính phí, lệ phí cần số nhỏ nhất từ 0."))
    if question.pattern and not usable(question.pattern):
        found.append(_("%(label)s: mẫu chữ chỉ gồm chữ, số, nhóm như [A-Z] và số lần như {2} hoặc {1,3}."))
    return found


def usable(pattern: str) -> bool:
    """Whether a pattern is plain enough that every reader of it agrees."""
    if len(pattern) > LONGEST_PATTERN or _PATTERN.sub("", pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _formula(question: Question, before: Mapping[str, Question]) -> list[str]:
    try:
        formula = read_formula(question.formula)
    except UnreadableFormula:
        return [_("%(label)s: không đọc được công thức. Viết như sum(a, b.so_tien), count(b), age(c.birth_date).")]
    for name, part in formula.names:
        asked = before.get(name)
        inside = {column.id for column in asked.columns} | set(asked.asked_parts()) if asked else set()
        if asked is None or (part and part not in inside):
            return [_("%(label)s: công thức nhắc đến câu hỏi không đứng trước nó.")]
    return []


def _comparisons(question: Question, before: Mapping[str, Question]) -> list[str]:
    """Days are compared with days, places with places, and only with what stands before."""
    if question.kind not in COMPARED:
        return [_("%(label)s: chỉ so sánh được ngày, địa chỉ và chữ.")]
    for rule in question.compare:
        if rule.op not in OPS or (rule.op in OF_DATES) != (question.kind == "date"):
            return [_("%(label)s: quy tắc so sánh không hợp với loại câu hỏi này.")]
        if rule.op == "within" and not 0 < rule.months <= MOST_MONTHS:
            return [_("%(label)s: số tháng phải từ 1 đến 1200.")]
        if rule.to == TODAY and question.kind == "date":
            continue
        name, _dot, part = rule.to.partition(".")
        asked = before.get(name)
        kind = _kind_named(asked, part) if asked else ""
        if asked is None or kind != question.kind:
            return [_("%(label)s: quy tắc so sánh phải nhắc đến câu hỏi cùng loại đứng trước.")]
    return []


def _kind_named(question: Question, part: str) -> str:
    """The kind of what a rule names: the question, or a part of it; empty for a part that is not asked."""
    if not part:
        return question.kind
    if part not in question.asked_parts():
        return ""
    kind = kind_of_part(part)
    return "date" if kind == "birth_date" else kind  # a birth of which only the year is known is a day as well


def _columns(question: Question) -> list[str]:
    ids = [column.id for column in question.columns]
    if not 1 <= len(ids) <= MOST_COLUMNS:
        return [_("%(label)s: bảng cần từ 1 đến 12 cột.")]
    if len(set(ids)) < len(ids) or not all(_ID.match(id_) for id_ in ids):
        return [_("%(label)s: các cột trùng mã hoặc có mã không dùng được.")]
    if not all(column.kind in SIMPLE and column.label.strip() for column in question.columns):
        return [_("%(label)s: cột chỉ nhận một câu trả lời đơn và phải có tên.")]
    return [sentence for column in question.columns for sentence in _of_kind(column, ())]


def _condition(
    where: str, whose: str, condition: Condition, before: Mapping[str, Question], cases: Collection[str]
) -> list[Problem]:
    asked = before.get(condition.field)
    named = {"whose": whose}
    if condition.op not in OPERATORS:
        return [Problem(where, _("%(whose)s: điều kiện phải là “là”, “không là” hoặc “có chứa”.") % named)]
    if condition.field == CASE:
        if condition.value not in cases:
            return [Problem(where, _("%(whose)s: điều kiện nhắc đến trường hợp mà thủ tục không có.") % named)]
        return []
    if asked is None or asked.kind in (*SILENT, *PARTS, "rows"):
        return [Problem(where, _("%(whose)s: điều kiện phải dựa vào một câu hỏi đứng trước.") % named)]
    if (asked.kind == "several") != (condition.op == "contains") and asked.kind not in ("text", "long_text"):
        return [Problem(where, _("%(whose)s: dùng “có chứa” cho câu chọn nhiều, “là” cho câu khác.") % named)]
    values = {option.key for option in asked.options} or (
        {YES, NO} if asked.kind in ("yes_no", "declaration") else set()
    )
    if values and condition.value not in values:
        return [Problem(where, _("%(whose)s: điều kiện nhắc đến lựa chọn không có.") % named)]
    return []
