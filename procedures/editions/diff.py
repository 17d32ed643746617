"""What differs between two facts documents, in plain words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procedures import display
from procedures.editions.document import CONFIRMED, Facts, free_channels
from procedures.fees.sentences import counting, kind_name, per_name
from procedures.public.presentation import agency_names
from vietnam.money import format_money

NOTHING = "–"
LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Tên thủ tục"),
    "title_en": gettext_lazy("Tên tiếng Anh"),
    "field": gettext_lazy("Lĩnh vực"),
    "ministry": gettext_lazy("Bộ, ngành"),
    "levels": gettext_lazy("Cấp giải quyết"),
    "applicants": gettext_lazy("Đối tượng thực hiện"),
    "online_level": gettext_lazy("Mức độ trực tuyến"),
    "authoritative_system": gettext_lazy("Hệ thống giải quyết"),
    "settled_by": gettext_lazy("Cơ quan giải quyết"),
    "cases": gettext_lazy("Trường hợp"),
    "terms": gettext_lazy("Thời hạn"),
    "fees": gettext_lazy("Phí, lệ phí"),
    "free": gettext_lazy("Không thu phí, lệ phí"),
    "documents": gettext_lazy("Giấy tờ"),
    "results": gettext_lazy("Kết quả"),
    "legal_basis": gettext_lazy("Căn cứ pháp lý"),
    "guidance": gettext_lazy("Hướng dẫn"),
    "conditions": gettext_lazy("Điều kiện"),
    "steps": gettext_lazy("Trình tự thực hiện"),
    "supplement": gettext_lazy("Bổ sung hồ sơ"),
    "excluded": gettext_lazy("Khoảng thời gian không tính vào thời hạn"),
}


@dataclass(frozen=True)
class Difference:
    """`part` names the key of the facts document."""

    label: str | Promise
    before: str
    after: str
    part: str = ""


def differences(before: Facts, after: Facts) -> list[Difference]:
    """Compare title, levels, limits, fees, results and legal basis of two sources; unverified ones are left out.

    English names, guidance and papers are worded by whoever writes the document, so they are not compared here.
    """
    pairs: list[tuple[str, str | Promise, Any, Any]] = [
        ("title", LABELS["title"], _title(before), _title(after)),
        ("levels", LABELS["levels"], _levels(before), _levels(after)),
        ("terms", LABELS["terms"], *_common(_limits(before), _limits(after))),
        ("fees", LABELS["fees"], *_common(_amounts(before), _amounts(after))),
        ("legal_basis", LABELS["legal_basis"], *_only_here(before["legal_basis"], after["legal_basis"])),
        ("results", gettext_lazy("Mã kết quả"), *_only_here(_results(before), _results(after))),
    ]
    return [Difference(label, _text(old), _text(new), part) for part, label, old, new in pairs if old != new]


def compare_documents(before: Facts, after: Facts) -> list[Difference]:
    """Everything that differs between two editions of one procedure, line by line, in the reader's language."""
    found: list[Difference] = []
    for part, label in LABELS.items():
        old, new = before.get(part), after.get(part)
        if old == new or (not old and not new):
            continue
        if part in _LISTS:
            found += _lines_that_differ(part, label, old or [], new or [])
        else:
            was, now = _plain(part, old), _plain(part, new)
            found.append(Difference(label, was, now if now != was else _("(cách ghi khác)"), part))
    return found


def part_words(part: str, value: Any) -> str:
    """What a part says, with its name, in one line."""
    words = "; ".join(_LISTS[part][1](entry) for entry in value or []) if part in _LISTS else _plain(part, value)
    return f"{LABELS.get(part, part)}: {words or NOTHING}"


def _lines_that_differ(part: str, label: Promise, old: Sequence[Any], new: Sequence[Any]) -> list[Difference]:
    """One difference for each entry that was changed, added or dropped, paired by what names an entry."""
    name, words = _LISTS[part]
    was, now = _named(old, name), _named(new, name)
    found = []
    for key in [*was, *(key for key in now if key not in was)]:
        if was.get(key) == now.get(key):
            continue
        before = words(was[key]) if key in was else NOTHING
        after = words(now[key]) if key in now else NOTHING
        if before != after:
            found.append(Difference(label, before, after, part))
    if not found and [name(entry) for entry in old] != [name(entry) for entry in new]:
        found.append(Difference(label, _("thứ tự cũ"), _("thứ tự mới"), part))
    elif not found:
        found.append(Difference(label, _("cách ghi cũ"), _("nguồn hoặc tên tiếng Anh được sửa"), part))
    return found


def _named(entries: Sequence[Any], name: Callable[[Any], Any]) -> dict[Any, Any]:
    named: dict[Any, Any] = {}
    for entry in entries:
        key, again = name(entry), 0
        while (key, again) in named:
            again += 1
        named[key, again] = entry
    return named


def term_words(term: Facts) -> str:
    amount = _("chờ xác nhận")
    if term["unit"] == "at_once":
        amount = _("giải quyết ngay")
    elif term["amount"] is not None and term["unit"]:
        amount = display.amount_words(Decimal(str(term["amount"])), term["unit"])
    if term["state"] != CONFIRMED and term["amount"] is not None:
        amount = _("%(words)s (chờ xác nhận)") % {"words": amount}
    return f"{_channels(term)}{_case(term)}: {amount}"


def fee_words(fee: Facts) -> str:
    amount = _("chờ xác nhận")
    if fee["amount"] is not None:
        amount = format_money(fee["amount"]) if fee["amount"] else _("không thu")
        if fee["per"] != "dossier":
            amount += f"/{per_name(fee['per'], _language())}"
        if fee["state"] != CONFIRMED:
            amount = _("%(words)s (chờ xác nhận)") % {"words": amount}
    name = display.fact_text(fee) or kind_name(fee["kind"], _language())
    parts = [f"{name}, {_channels(fee).lower()}{_case(fee)}{_counting(fee)}{_band(fee)}{_validity(fee)}: {amount}"]
    parts += [f"{display.fact_text(row)} {row['percent']} %" for row in fee.get("exemptions", [])]
    if fee.get("exempt"):
        parts.append(_("không thu: %(who)s") % {"who": display.fact_text(fee, "exempt")})
    return "; ".join(parts)


def document_words(document: Facts) -> str:
    said = [
        _("%(originals)s bản chính, %(copies)s bản sao")
        % {"originals": document["originals"], "copies": document["copies"]}
    ]
    said += [str(word) for key, word in _FLAGS.items() if document.get(key)]
    if not document["required"]:
        said.append(_("không bắt buộc"))
    if document["kind"] == "show":
        said.append(_("chỉ xuất trình"))
    if document.get("replaced_by_data"):
        replaced = document["replaced_by_data"]
        words = (
            _("thay một phần bằng dữ liệu: %(name)s") if replaced.get("partly") else _("thay bằng dữ liệu: %(name)s")
        )
        said.append(words % {"name": replaced["database"]})
    if document["state"] != CONFIRMED:
        said.append(_("chờ xác nhận"))
    return f"{display.fact_text(document)}{_case(document)}: " + ", ".join(said)


_FLAGS: dict[str, Promise] = {
    "secret": gettext_lazy("giấy tờ mật"),
    "verification": gettext_lazy("văn bản xác minh"),
    "from_store": gettext_lazy("lấy được từ kho dữ liệu"),
}


def excluded_words(period: Facts) -> str:
    """A period that does not count, its length where the law gives one, and the ground."""
    length = ""
    if period.get("amount") is not None:
        length = f", {display.amount_words(Decimal(str(period['amount'])), period['unit'])}"
    return f"{display.fact_text(period)}{_case(period)}{length} ({period['legal_ground']})"


def _result_words(result: Facts) -> str:
    code = f" ({result['code']})" if result.get("code") else ""
    return f"{display.fact_text(result)}{code}"


_LISTS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], str]]] = {
    "cases": (lambda case: case["key"], display.fact_text),
    "terms": (lambda term: (tuple(term["channels"]), term.get("case", "")), term_words),
    "fees": (
        lambda fee: (
            fee["name"],
            tuple(fee["channels"]),
            fee.get("case", ""),
            fee.get("value_from"),
            fee.get("counts_from"),
        ),
        fee_words,
    ),
    "documents": (lambda document: document["key"], document_words),
    "excluded": (lambda period: period["key"], excluded_words),
    "results": (lambda result: result.get("code") or result["name"], _result_words),
    "legal_basis": (str, str),
    "applicants": (str, lambda key: str(display.APPLICANTS[key])),
    "levels": (str, lambda key: str(display.LEVELS[key])),
}


def _plain(part: str, value: Any) -> str:
    if not value:
        return NOTHING
    if part == "online_level":
        words = str(display.ONLINE_LEVELS[value["value"]])
        return words if value["state"] == CONFIRMED else _("%(words)s (chờ xác nhận)") % {"words": words}
    if part == "field":
        return display.fact_text(value)
    if part == "authoritative_system":
        name = value["value"].removeprefix("ministry:")
        named = _("Hệ thống của tỉnh") if name == "ours" else name
        return f"{named} ({value['address']})" if value.get("address") else named
    if part == "settled_by":
        return _agencies(value)
    if part == "supplement":
        words = _("tính lại từ đầu") if value.get("clock") == "restart" else _("tính tiếp")
        grounds = "; ".join(row["legal_ground"] for row in value.get("again", []))
        return f"{words}; {grounds}" if grounds else words
    if part == "free":
        return _free_words(value)
    return str(value)


def _free_words(free: Any) -> str:
    if free is True:
        return _("mọi hình thức nộp")
    words = _channels(free) if free.get("channels") else _("mọi hình thức nộp")
    return words if free["state"] == CONFIRMED else _("%(words)s (chờ xác nhận)") % {"words": words}


def _agencies(settled: Any) -> str:
    """By level, with the names that the keys have today."""
    by_level = settled if isinstance(settled, dict) else {"": settled}
    names = agency_names(by_level.values(), timezone.localdate())
    said = [(f"{display.LEVELS[level]}: " if level else "") + names.get(key, key) for level, key in by_level.items()]
    return "; ".join(said)


def _channels(fact: Facts) -> str:
    return ", ".join(str(display.CHANNELS[channel]) for channel in fact["channels"])


def _case(fact: Facts) -> str:
    return _(", trường hợp “%(case)s”") % {"case": fact["case"]} if fact.get("case") else ""


def _counting(fee: Facts) -> str:
    first, last, each, cap = (fee.get(key) for key in ("counts_from", "counts_to", "each", "at_most"))
    return "".join(f", {words}" for words in counting(fee["per"], first, last, each, cap, _language()))


def _band(fee: Facts) -> str:
    low, high = fee.get("value_from"), fee.get("value_below")
    if low is None and high is None:
        return ""
    if high is None:
        return _(", giá trị từ %(low)s") % {"low": format_money(low or 0)}
    return _(", giá trị từ %(low)s đến dưới %(high)s") % {"low": format_money(low or 0), "high": format_money(high)}


def _validity(fee: Facts) -> str:
    first, last = fee.get("valid_from"), fee.get("valid_to")
    if first and last:
        return _(", từ %(first)s đến hết %(last)s") % {"first": _day(first), "last": _day(last)}
    if first:
        return _(", từ %(first)s") % {"first": _day(first)}
    return _(", đến hết %(last)s") % {"last": _day(last)} if last else ""


def _day(text: str) -> str:
    return "/".join(reversed(text.split("-")))


def _language() -> str:
    return "en" if display.english() else "vi"


def _title(facts: Facts) -> str:
    title = " ".join(facts["title"].casefold().split())
    return title.removeprefix("thủ tục ")


def _levels(facts: Facts) -> list[str]:
    return sorted(level for level in facts["levels"] if level in ("province", "commune"))


def _limits(facts: Facts) -> dict[str, str]:
    return {
        channel: f"{term['amount']} {term['unit']}"
        for term in facts["terms"]
        for channel in term["channels"]
        if term["state"] == CONFIRMED and not term.get("case")
    }


def _amounts(facts: Facts) -> dict[str, str]:
    """Sum by channel; free is 0. A channel with a unverified or case-dependent line is left out."""
    channels = {channel for term in facts["terms"] for channel in term["channels"]}
    found: dict[str, str] = {}
    for channel in channels:
        lines = [fee for fee in facts["fees"] if channel in fee["channels"]]
        if not lines and not _surely_free(facts, channel):
            continue
        if all(line["state"] == CONFIRMED and not line.get("case") and line["amount"] is not None for line in lines):
            found[channel] = str(sum(line["amount"] for line in lines))
    return found


def _surely_free(facts: Facts, channel: str) -> bool:
    free = facts.get("free")
    return channel in free_channels(facts) and (free is True or (free or {}).get("state") == CONFIRMED)


def _results(facts: Facts) -> list[str]:
    return [result["code"] for result in facts["results"] if result.get("code")]


def _common(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    keys = sorted(before.keys() & after.keys())
    return {k: before[k] for k in keys}, {k: after[k] for k in keys}


def _only_here(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """The bundled entry lists what matters, so only what it names and the other does not is a difference."""
    if not before or not after:
        return [], []
    return sorted(set(before) - set(after)), []


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    return str(value)
