"""The official periodic forms: which rows, which columns, and what their columns must add up to.

II.06a is known from a real system; the columns of the others are not confirmed, and their pages say so until a wording
(`reports.forms.templates`) that was compared with the form as issued is in force. Texts are those of the printed form,
in Vietnamese whoever reads; here stands version 0 of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from reports.indicators.account import FORM_CHECKS, FORM_COLUMNS

Checks = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Column:
    """`measure` is counted in it; the first two columns of a form are the row's number and name."""

    number: int
    head: str
    measure: str


@dataclass(frozen=True)
class OfficialForm:
    """`whose`: "agency" is about what one agency settles, "centre" about what one receives, "province" about all.

    `cut` names the rows (reports.cuts); `by_level` gives the province's and the communes' rows apart.
    """

    key: str
    official: str
    title: str
    whose: str
    cut: str
    rows_head: str
    columns: tuple[Column, ...]
    checks: Checks = ()
    by_level: bool = False
    confirmed: bool = False

    @property
    def measures(self) -> list[str]:
        return [column.measure for column in self.columns]


_HEADS = {
    3: "Tiếp nhận: tổng số",
    4: "Trong kỳ: trực tuyến",
    5: "Trong kỳ: trực tiếp, bưu chính",
    6: "Từ kỳ trước",
    7: "Đã giải quyết: tổng số",
    8: "Trước hạn",
    9: "Đúng hạn",
    10: "Quá hạn",
    11: "Đang giải quyết: tổng số",
    12: "Trong hạn",
    13: "Quá hạn",
}
_II06 = tuple(Column(number, head, FORM_COLUMNS[number]) for number, head in _HEADS.items())
_FIELDS = "Lĩnh vực, công việc giải quyết theo cấp"


def _numbered(columns: Mapping[str, str], *, added: Collection[str] = ()) -> tuple[Column, ...]:
    """In the order of the sheet; those `added` by a later release are numbered after the others, since figures that
    were kept before stand under those numbers."""
    numbers = {name: number for number, name in enumerate([*(n for n in columns if n not in added), *added], 3)}
    return tuple(Column(numbers[measure], head, measure) for measure, head in columns.items())


FORMS: dict[str, OfficialForm] = {
    form.key: form
    for form in (
        OfficialForm(
            "06a",
            "II.06a/VPCP/KSTT",
            gettext_noop("Tình hình, kết quả giải quyết TTHC tại Trung tâm Phục vụ hành chính công"),
            "centre",
            "field",
            _FIELDS,
            _II06,
            FORM_CHECKS,
            confirmed=True,
        ),
        OfficialForm(
            "06b",
            "II.06b/VPCP/KSTT",
            gettext_noop("Tình hình, kết quả giải quyết TTHC tại cơ quan, đơn vị trực tiếp giải quyết TTHC"),
            "agency",
            "field",
            _FIELDS,
            _II06,
            FORM_CHECKS,
        ),
        OfficialForm(
            "06c",
            "II.06c/VPCP/KSTT",
            gettext_noop("Tình hình, kết quả giải quyết TTHC trên địa bàn tỉnh"),
            "province",
            "field",
            _FIELDS,
            _II06,
            FORM_CHECKS,
            by_level=True,
        ),
        OfficialForm(
            "07",
            "II.07/VPCP/KSTT",
            gettext_noop("Nguyên nhân quá hạn đối với các hồ sơ TTHC"),
            "agency",
            "field",
            "Lĩnh vực",
            _numbered(
                {
                    "cause_all": "Hồ sơ quá hạn",
                    "cause_opinion": "Do ý kiến cơ quan khác",
                    "cause_step": "Do bước nội bộ",
                    "cause_supplement": "Do phải bổ sung",
                    "cause_other": "Nguyên nhân khác",
                }
            ),
            ((3, (4, 5, 6, 7)),),
        ),
        OfficialForm(
            "07a-btp",
            "07a/BTP",
            gettext_noop("Tổng hợp kết quả giải quyết TTHC theo đơn vị"),
            "province",
            "agency",
            "Cơ quan",
            _numbered(
                {
                    "form_received": "Tiếp nhận: tổng số",
                    "form_carried": "Từ kỳ trước",
                    "online_full": "Trực tuyến toàn trình",
                    "online_partial": "Trực tuyến một phần",
                    "counter": "Trực tiếp",
                    "post": "Bưu chính",
                    "elsewhere": "Phi địa giới",
                    "not_received": "Không tiếp nhận",
                    "form_settled": "Đã giải quyết: tổng số",
                    "form_early": "Trước hạn",
                    "form_on_time": "Đúng hạn",
                    "form_late": "Quá hạn",
                    "late_with_letter": "Quá hạn, có thư xin lỗi",
                    "late_without_letter": "Quá hạn, không có thư xin lỗi",
                    "form_process": "Đang giải quyết: tổng số",
                    "form_process_in_time": "Trong hạn",
                    "form_process_late": "Quá hạn",
                    "stopped": "Dừng giải quyết",
                    "withdrawn": "Trong đó rút hồ sơ",
                    "fees_sum": "Phí, lệ phí đã nộp (đồng)",
                    "fees_noncash_sum": "Trong đó không tiền mặt (đồng)",
                },
                added=("late_without_letter", "withdrawn"),
            ),
            ((3, (4, 5, 6, 7, 8)), (11, (12, 13, 14)), (16, (17, 18)), (3, (11, 16))),
        ),
    )
}
