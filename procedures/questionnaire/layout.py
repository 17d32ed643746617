"""The layout of a form: sections of questions in reading order, as dataclasses and as stored plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from procedures.display import value_text

# One answer each.
SIMPLE = (
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "birth_date",
    "personal_number",
    "paper_number",  # of anybody: the personal number, nine digits of a card of old, a passport's number
    "tax_number",
    "phone",
    "email",
    "choice",
    "yes_no",
)
# Several parts or several answers.
COMPOSED = ("several", "declaration", "person", "enterprise", "address", "rows", "computed")
# Nothing to answer: a paper that is attached with the others, and a remark.
SILENT = ("file", "note")
KINDS = (*SIMPLE, *COMPOSED, *SILENT)

# The parts of a composed kind in the order they are asked; "?" marks a part that may stay empty.
PARTS = {
    "person": ("name", "birth_date", "sex", "personal_number?", "nationality"),
    "enterprise": ("name", "tax_number", "representative"),
    "address": ("commune?", "elsewhere?", "detail?"),
}
CASE = "case"  # a condition may ask for the dossier's case as if it were a question
OPERATORS = ("is", "is_not", "contains")
COUNTED = ("copy", "page", "person", "item")  # what a fee line is counted by (FeeLine.per)


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the earlier question `field` is, is not or contains `value`; never while it is unanswered."""

    field: str
    value: str
    op: str = "is"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an answer must stand to an earlier one: `to` is a question's id, a part of it ("child.birth_date") or TODAY.

    `op` is one of `procedures.questionnaire.comparisons.OPS`; `months` belongs to "within".
    """

    op: str
    to: str
    months: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    label: str
    label_en: str = ""

    def local_text(self) -> str:
        return value_text(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `id` is its stable name: it stays the same in every later version of the form."""

    id: str
    kind: str
    label: str
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    required: bool = True
    when: Condition | None = None
    options: tuple[Option, ...] = ()  # of choice and several
    columns: tuple[Question, ...] = ()  # of rows
    parts: tuple[str, ...] = ()  # of person, enterprise and address; empty: all of PARTS
    least: int | None = None  # of number and money
    most: int | None = None  # of number and money; characters of a text; rows of a table
    past: bool = False  # of date: not after today
    whole_date: bool = False  # of person: the day of birth must be known to the day, as of a newborn child
    pattern: str = ""  # of text: a regular expression for the whole answer
    document: str = ""  # of file: key of the edition's required document
    formula: str = ""  # of computed: procedures.questionnaire.formulas
    prefill: str = ""  # owner or filer, whose particulars stand there at first
    compare: tuple[Comparison, ...] = ()  # of date, address and text
    counts: str = ""  # of number and computed: what of COUNTED a fee takes from it

    def local_text(self) -> str:
        return value_text(self.label, self.label_en)

    def local_hint(self) -> str:
        return value_text(self.hint, self.hint_en)

    def asked_parts(self) -> dict[str, bool]:
        """Part to whether it must be answered, in order."""
        return {part.rstrip("?"): not part.endswith("?") for part in self.parts or PARTS.get(self.kind, ())}


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    title_en: str = ""
    note: str = ""
    note_en: str = ""
    when: Condition | None = None
    questions: tuple[Question, ...] = ()

    def local_text(self) -> str:
        return value_text(self.title, self.title_en)

    def local_note(self) -> str:
        return value_text(self.note, self.note_en)


@dataclass(frozen=True, slots=True)
class Layout:
    title: str
    title_en: str = ""
    # What the dossier asks for in a line, with answers by id: "Đăng ký khai sinh cho {child.name}"; empty: asked.
    content: str = ""
    document: str = ""  # key of the required document that the filled form is
    sections: tuple[Section, ...] = ()

    def local_text(self) -> str:
        return value_text(self.title, self.title_en)

    def questions(self) -> Iterator[tuple[Section, Question]]:
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def by_id(self) -> dict[str, Question]:
        return {question.id: question for _section, question in self.questions()}


def read_layout(stored: Mapping[str, Any]) -> Layout:
    """A layout from plain data; unknown keys are left out."""
    return Layout(
        **_known(Layout, stored, "sections"),
        sections=tuple(_section(row) for row in stored.get("sections") or ()),
    )


def _known(kind: type, stored: Mapping[str, Any], *nested: str) -> dict[str, Any]:
    names = {each.name for each in fields(kind)} - set(nested)
    return {name: value for name, value in stored.items() if name in names and value is not None}


def _section(stored: Mapping[str, Any]) -> Section:
    return Section(
        **_known(Section, stored, "questions", "when"),
        when=_condition(stored.get("when")),
        questions=tuple(question(row) for row in stored.get("questions") or ()),
    )


def _condition(stored: Mapping[str, Any] | None) -> Condition | None:
    return Condition(**{name: str(value) for name, value in _known(Condition, stored).items()}) if stored else None


def question(stored: Mapping[str, Any]) -> Question:
    """A question from plain data; parts that are the usual ones need not be said."""
    parts = tuple(stored.get("parts") or ())
    return Question(
        **_known(Question, stored, "when", "options", "columns", "parts", "compare"),
        compare=tuple(Comparison(**_known(Comparison, row)) for row in stored.get("compare") or ()),
        when=_condition(stored.get("when")),
        options=tuple(Option(**_known(Option, row)) for row in stored.get("options") or ()),
        columns=tuple(question(row) for row in stored.get("columns") or ()),
        parts=() if parts == PARTS.get(str(stored.get("kind"))) else parts,
    )


def write_layout(layout: Layout) -> dict[str, Any]:
    """The plain data that `read` takes; what has its usual value is left out."""
    return _plain(layout)


def _plain(value: Any) -> dict[str, Any]:
    written = {}
    for each in fields(value):
        content = getattr(value, each.name)
        if content == each.default and each.name not in ("id", "kind", "label"):
            continue
        if isinstance(content, tuple):
            content = [part if isinstance(part, str) else _plain(part) for part in content]
        elif isinstance(content, Condition):
            content = _plain(content)
        written[each.name] = content
    return written
