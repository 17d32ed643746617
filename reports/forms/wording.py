"""What a printed official form says: title, number, headings and their order, notes, cut-off sentence, who signs.

Figures and the sums that must hold are the form's own (`reports.forms.definitions`); a wording says which columns stand
where and under which heading, and keeps every column that a check needs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from papers.wording import fill_wording, placeholders
from reports.forms.definitions import OfficialForm
from reports.indicators import MEASURES

FIRST_COLUMN = 3  # the first two are the row's number and name
MOST_COLUMNS = 24  # as many as a sheet across has room for
LONGEST = {
    "official": 40,
    "title": 200,
    "rows_head": 100,
    "unit": 100,
    "cut_off": 200,
    "prepared_by": 100,
    "signed_by": 300,
    "head": 100,
    "line": 300,
}
MOST_LINES = 12  # of notes, of signing and of whom the form is sent to
# Which places each text may fill, with what a trial sheet says there.
PLACES: dict[str, tuple[str, ...]] = {
    "cut_off": ("first", "last"),
    "signed_by": ("signer_title",),
}
LABELS = {
    "official": gettext_lazy("Biểu số"),
    "title": gettext_lazy("Tên biểu"),
    "rows_head": gettext_lazy("Tiêu đề của cột tên hàng"),
    "unit": gettext_lazy("Đơn vị tính"),
    "cut_off": gettext_lazy("Câu nêu kỳ và ngày chốt"),
    "notes": gettext_lazy("Ghi chú dưới bảng"),
    "prepared_by": gettext_lazy("Chỗ ký của người lập"),
    "signed_by": gettext_lazy("Chỗ ký của người có thẩm quyền"),
    "recipients": gettext_lazy("Nơi nhận"),
}
_LISTS = ("notes", "recipients")


@dataclass(frozen=True)
class WordedColumn:
    """`measure` is a name of reports.indicators.MEASURES."""

    measure: str
    head: str


@dataclass(frozen=True)
class FormWording:
    """`columns` in the order of the sheet; `prepared_by` empty: only the signer's place is printed. `confirmed` says
    that somebody has compared the wording with the form as it was issued."""

    official: str
    title: str
    rows_head: str
    columns: tuple[WordedColumn, ...]
    unit: str = "hồ sơ"
    cut_off: str = "Từ ngày {first} đến ngày {last}"
    notes: tuple[str, ...] = ()
    prepared_by: str = "Người lập biểu"
    signed_by: str = "{signer_title}"
    recipients: tuple[str, ...] = ()
    confirmed: bool = False

    def as_json(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        return {**asdict(self), **lists, "columns": [[column.measure, column.head] for column in self.columns]}

    @classmethod
    def read_json(cls, kept: Mapping[str, Any]) -> "FormWording":
        columns = tuple(WordedColumn(measure, head) for measure, head in kept["columns"])
        said: dict[str, Any] = {name: tuple(kept[name]) if name in _LISTS else kept[name] for name in LABELS}
        return cls(columns=columns, confirmed=kept["confirmed"], **said)

    @property
    def measures(self) -> list[str]:
        return [column.measure for column in self.columns]

    def days(self, first: str, last: str) -> str:
        """The sentence of the period, with its days as they are printed."""
        return fill_wording(self.cut_off, {"first": first, "last": last})


def bundled_wording(form: OfficialForm) -> FormWording:
    """Version 0: what the product brings along."""
    columns = tuple(WordedColumn(column.measure, column.head) for column in form.columns)
    return FormWording(form.official, form.title, form.rows_head, columns, confirmed=form.confirmed)


def needed_measures(form: OfficialForm) -> dict[str, str]:
    """The measures that the form's checks add up, each with the first check that needs it."""
    found: dict[str, str] = {}
    measures = {column.number: column.measure for column in form.columns}
    for whole, parts in form.checks:
        for number in (whole, *parts):
            found.setdefault(measures[number], f"{whole}={'+'.join(map(str, parts))}")
    return found


def further_measures(form: OfficialForm) -> list[str]:
    """What a form that is not confirmed may count beside its own columns: whatever happened in a period."""
    own = set(form.measures)
    return [] if form.confirmed else [name for name, one in MEASURES.items() if one.of_period and name not in own]


def wording_problems(form: OfficialForm, wording: FormWording) -> list[tuple[str, str]]:
    """Why a wording may not come into force: (field or name of a measure, sentence); empty when it may."""
    return [*_of_texts(wording), *_of_columns(form, wording)]


def _of_texts(wording: FormWording) -> Iterator[tuple[str, str]]:
    for name in ("official", "title", "rows_head", "unit", "cut_off", "signed_by"):
        if not getattr(wording, name).strip():
            yield name, _("Hãy nhập mục này.")
    if any(not (letter.isalnum() or letter in " ./-()") for letter in wording.official):
        yield "official", _("Số biểu chỉ gồm chữ, số, dấu chấm, gạch chéo và gạch nối, ví dụ II.06b/VPCP/KSTT.")
    for name in LABELS:
        text = getattr(wording, name)
        if name in _LISTS:
            if len(text) > MOST_LINES or any(len(line) > LONGEST["line"] for line in text):
                yield (
                    name,
                    _("Nhiều nhất %(lines)s dòng, mỗi dòng không quá %(most)s ký tự.")
                    % {"lines": MOST_LINES, "most": LONGEST["line"]},
                )
        elif len(text) > LONGEST[name]:
            yield name, _("Dài quá %(most)s ký tự. Hãy rút gọn.") % {"most": LONGEST[name]}
        joined = "\n".join(text) if name in _LISTS else text
        yield from ((name, sentence) for sentence in _of_places(joined, PLACES.get(name, ())))
    for place in PLACES["cut_off"]:
        if place not in placeholders(wording.cut_off):
            yield "cut_off", _("Câu này phải có {first} và {last}: ngày đầu và ngày cuối của kỳ được điền ở đó.")
            break


def _of_places(text: str, known: tuple[str, ...]) -> Iterator[str]:
    named = placeholders(text)
    for name in named:
        if name not in known:
            yield _("Không có chỗ điền {%(name)s} ở đây.") % {"name": name}
    bare = text
    for name in named:
        bare = bare.replace("{" + name + "}", "")
    if "{" in bare or "}" in bare:
        yield _("Có dấu ngoặc nhọn bị thiếu hoặc thừa. Hãy xem lại.")


def _of_columns(form: OfficialForm, wording: FormWording) -> Iterator[tuple[str, str]]:
    shown = wording.measures
    heads = {column.measure: column.head for column in form.columns}
    for measure, check in needed_measures(form).items():
        if measure not in shown:
            yield (
                measure,
                _("Biểu phải có cột “%(head)s”: phép kiểm tra %(check)s cần cột này. Hãy cho cột một số thứ tự.")
                % {"head": heads[measure], "check": check},
            )
    allowed = {*form.measures, *further_measures(form)}
    for column in wording.columns:
        if column.measure not in allowed:
            yield column.measure, _("Biểu này không dùng được chỉ tiêu “%s”.") % column.measure
        elif not column.head.strip():
            yield column.measure, _("Hãy nhập tiêu đề của cột này.")
        elif len(column.head) > LONGEST["head"]:
            yield column.measure, _("Dài quá %(most)s ký tự. Hãy rút gọn.") % {"most": LONGEST["head"]}
        if shown.count(column.measure) > 1:
            yield column.measure, _("Một chỉ tiêu chỉ đứng ở một cột.")
    if len(shown) > MOST_COLUMNS:
        yield shown[MOST_COLUMNS], _("Khổ giấy chỉ đủ %(most)s cột số liệu. Hãy bỏ bớt cột.") % {"most": MOST_COLUMNS}


def wording_changes(before: FormWording, after: FormWording) -> list[dict[str, str]]:
    """What differs, as lines "before" and "after" (either may be empty), named by what it is."""
    found = []
    for name, label in LABELS.items():
        old, new = (getattr(one, name) for one in (before, after))
        if old != new:
            sides = ["; ".join(side) if name in _LISTS else side for side in (old, new)]
            found.append([f"{label}: {side}" if side else "" for side in sides])
    if before.columns != after.columns:
        olds, news = (
            {column.measure: f"({place}) {column.head}" for place, column in enumerate(one.columns, FIRST_COLUMN)}
            for one in (before, after)
        )
        for measure in {**olds, **news}:
            if olds.get(measure) != news.get(measure):
                found.append([olds.get(measure, ""), news.get(measure, "")])
    if before.confirmed != after.confirmed:
        said = {True: _("Đã đối chiếu với văn bản ban hành"), False: _("Chưa đối chiếu với văn bản ban hành")}
        found.append([said[before.confirmed], said[after.confirmed]])
    return [{"before": old, "after": new} for old, new in found]
