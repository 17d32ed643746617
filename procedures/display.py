"""How facts of a procedure are said to people, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext
from django.utils.translation import gettext as _

from procedures.editions.papers import Need, need_of_paper
from procedures.editions.time_limits import is_unverified, period_of
from procedures.fees.calculation import FeeResult
from procedures.fees.headline import FeeRange, fee_range
from procedures.models import Edition, RequiredDocument, Term
from vietnam.money import format_money
from vietnam.text import excerpt

APPLICANTS: dict[str, Promise] = {
    "citizen": gettext_lazy("Công dân Việt Nam"),
    "overseas_vietnamese": gettext_lazy("Người Việt Nam định cư ở nước ngoài"),
    "foreigner": gettext_lazy("Người nước ngoài"),
    "enterprise": gettext_lazy("Doanh nghiệp"),
    "cooperative": gettext_lazy("Hợp tác xã"),
    "household_business": gettext_lazy("Hộ kinh doanh"),
    "organisation": gettext_lazy("Tổ chức"),
    "foreign_organisation": gettext_lazy("Tổ chức nước ngoài"),
    "state_agency": gettext_lazy("Cơ quan nhà nước"),
    "official": gettext_lazy("Cán bộ, công chức, viên chức"),
    "party_member": gettext_lazy("Đảng viên, tổ chức Đảng"),
}
# Databases of the State by the names that the catalogue uses; any other stands as it is written.
_DATABASES = (
    gettext_noop("Cơ sở dữ liệu quốc gia về dân cư"),
    gettext_noop("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"),
    gettext_noop("Cơ sở dữ liệu quốc gia về đất đai"),
    gettext_noop("Cơ sở dữ liệu quốc gia về bảo hiểm"),
    gettext_noop("Cơ sở dữ liệu hộ tịch điện tử"),
    gettext_noop("Dữ liệu điện tử giấy chứng sinh"),
    gettext_noop("Dữ liệu điện tử giấy báo tử"),
    gettext_noop("Cơ sở dữ liệu đăng kiểm"),
    gettext_noop("Cơ sở dữ liệu thuế"),
    gettext_noop("Cơ sở dữ liệu hóa đơn điện tử"),
    gettext_noop("Cơ sở dữ liệu về đăng ký xe"),
    gettext_noop("Cơ sở dữ liệu giấy phép lái xe"),
)
LEVELS: dict[str, Promise] = {
    "province": gettext_lazy("Cấp tỉnh"),
    "commune": gettext_lazy("Cấp xã"),
    "ministry": gettext_lazy("Cấp bộ"),
    "other": gettext_lazy("Cơ quan khác"),
}
CHANNELS: dict[str, Promise] = {
    "online": gettext_lazy("Trực tuyến"),
    "counter": gettext_lazy("Tại quầy"),
    "post": gettext_lazy("Qua bưu điện"),
}
ONLINE_LEVELS: dict[str, Promise] = {
    "full": gettext_lazy("Trực tuyến toàn trình"),
    "partial": gettext_lazy("Trực tuyến một phần"),
    "none": gettext_lazy("Chưa nộp được trực tuyến"),
}
TO_BE_CONFIRMED = gettext_lazy("Chờ xác nhận")


def english() -> bool:
    return (get_language() or "vi").startswith("en")


def value_text(vietnamese: str, in_english: str) -> str:
    """The English wording for a reader of English where there is one."""
    return in_english if english() and in_english else vietnamese


def fact_text(fact: dict[str, Any], key: str = "name") -> str:
    """`said` for a part of a facts document, whose English has the key ``…_en``."""
    return value_text(fact.get(key, ""), fact.get(f"{key}_en", ""))


def limit_words(term: Term | None) -> str:
    """ "3 ngày làm việc"; empty while the limit is unknown."""
    period = period_of(term)
    if term is None or period is None:
        return ""
    if term.unit == "at_once":
        return _("Giải quyết ngay")
    return amount_words(term.amount or Decimal(0), term.unit)


def amount_words(amount: Decimal | int, unit: str) -> str:
    """An amount of a unit of time in words."""
    number = number_format(Decimal(amount).normalize(), use_l10n=True)
    if "E" in number:
        number = str(int(amount))
    count = int(amount) if amount == int(amount) else 2
    words = {
        "working_day": ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", count),
        "working_hour": ngettext("%(n)s giờ làm việc", "%(n)s giờ làm việc", count),
        "calendar_day": ngettext("%(n)s ngày", "%(n)s ngày", count),
        "calendar_hour": ngettext("%(n)s giờ", "%(n)s giờ", count),
        "month": ngettext("%(n)s tháng", "%(n)s tháng", count),
    }
    return words[unit] % {"n": number}


def usual_limit(edition: Edition, case: str = "") -> tuple[str, bool]:
    """(limit at the counter in words, whether it is unverified) for a list or the head of a page.

    Of the given case, else of every case; where the cases differ, from the shortest to the longest.
    """
    rank = {case: 0, "": 1}
    terms = sorted(edition.terms.all(), key=lambda term: (rank.get(term.case, 2), term.channel != "counter", term.pk))
    term = next(iter(terms), None)
    if term and rank.get(term.case, 2) == 2:
        return _limits_of_cases([other for other in terms if other.channel == term.channel])
    words = limit_words(term)
    return words or str(TO_BE_CONFIRMED), bool(words) and is_unverified(term)


def _limits_of_cases(terms: Sequence[Term]) -> tuple[str, bool]:
    """The limits of all cases in one line; in their own order where they are of different units."""
    known = [term for term in terms if limit_words(term)]
    if not known:
        return str(TO_BE_CONFIRMED), False
    units = {term.unit for term in known if term.unit != "at_once"}
    amounts = {Decimal(0) if term.unit == "at_once" else Decimal(term.amount or 0): term for term in known}
    shortest, longest = amounts[min(amounts)], amounts[max(amounts)]
    unverified = len(known) < len(terms) or any(map(is_unverified, known))
    if len({limit_words(term) for term in known}) == 1:
        return limit_words(known[0]), unverified
    if len(units) > 1 or shortest.unit == "at_once":
        words, *others = dict.fromkeys(map(limit_words, known))
        for other in others:
            words = _("%(low)s hoặc %(high)s") % {"low": words, "high": other}
        return words, unverified
    low = number_format(Decimal(shortest.amount or 0).normalize(), use_l10n=True)
    return _("%(low)s đến %(high)s") % {"low": low, "high": limit_words(longest)}, unverified


def fee_words(result: FeeResult) -> str:
    """ "Miễn phí", "50.000 đ", "Tùy giá trị" or "Chờ xác nhận"."""
    if result.total is None:
        if result.left_to_council:
            return _("Do Hội đồng nhân dân tỉnh quy định")
        return _("Tùy giá trị") if result.needs_value else str(TO_BE_CONFIRMED)
    if result.total:
        return format_money(result.total)
    return _("Miễn phí (chờ xác nhận)") if result.free_to_be_confirmed else _("Miễn phí")


def short_text(label: str) -> str:
    """A name short enough for a list of choices."""
    return excerpt(label, 42)


def fee_span(edition: Edition, on: date | None = None) -> str:
    """The fee over channels and cases for a list or the head of a page: one amount, a range, or where it starts."""
    lines = list(edition.fee_lines.all())
    terms = list(edition.terms.all())
    # A case that has a limit and no line costs nothing, which belongs to the range.
    cases = {row.case for row in (*lines, *terms)} - {""} or {""}
    channels = {term.channel for term in terms} or {"counter"}
    return range_words(fee_range(lines, channels, cases, on))


def range_words(found: FeeRange) -> str:
    """ "50.000 đ", "Miễn phí đến 90.000 đ", "Từ 2.000 đ", and what of it nobody knows yet."""
    waiting = ""
    if found.waiting:
        waiting = _("do Hội đồng nhân dân tỉnh quy định") if found.left_to_council else _("chờ xác nhận")
    if found.low is None or found.high is None:
        return capfirst(waiting)
    if found.low == found.high == 0 and not found.waiting and not found.upward:
        words = _("Miễn phí (chờ xác nhận)") if found.free_to_be_confirmed else _("Miễn phí")
        return _("%(words)s; thêm khoản thu theo yêu cầu") % {"words": words} if found.on_request else words
    low = format_money(found.low) if found.low else _("Miễn phí")
    if found.waiting and not found.low:
        return _("Miễn phí ở một số trường hợp; còn lại %(waiting)s") % {"waiting": waiting}
    if found.waiting:
        return _("Từ %(low)s; có mức %(waiting)s") % {"low": low, "waiting": waiting}
    if found.upward:
        return _("Từ %(low)s") % {"low": low} if found.low else _("Miễn phí hoặc tùy số lượng")
    if found.low == found.high:
        return low
    return _("%(low)s đến %(high)s") % {"low": low, "high": format_money(found.high)}


def database_name(name: str) -> str:
    """A database of the State in the reader's language."""
    return _(name) if name in _DATABASES else name


def why_not_demanded(paper: RequiredDocument) -> str:
    """What public page, filing and counter say alike of a paper that is not demanded; empty of any other."""
    need = need_of_paper(paper)
    if need is Need.BY_AGENCY:
        return _("Không phải nộp: cơ quan giải quyết tự lấy văn bản xác minh")
    if paper.replaced_by and need in (Need.BY_DATA, Need.SHOWN):
        return _("Không phải nộp khi dữ liệu đã có trong %(database)s") % {"database": database_name(paper.replaced_by)}
    return ""
