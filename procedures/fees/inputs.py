"""What a fee depends on besides channel and case: how many, of what value, who pays less.

What must be asked is derived from an edition's fee lines, and what was said is judged here, for the citizen's page, the
counter and the API alike. Fee facts are plain data:
{"quantities": {per: number}, "value": đồng or None, "exemptions": [keys of reliefs]}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procedures import display
from procedures.fees import calculation, sentences
from procedures.models import FeeLine
from vietnam.money import format_money
from vietnam.text import within_sentence

MOST = 999  # copies, pages, persons … of one dossier
LARGEST_VALUE = 10**15  # đồng; beyond the worth of any works or plot
_COUNTED = {
    "copy": gettext_lazy("Số bản"),
    "page": gettext_lazy("Số trang"),
    "person": gettext_lazy("Số người"),
    "item": gettext_lazy("Số lượng"),
}


@dataclass(frozen=True)
class Relief:
    """A ground to pay less: `percent` is what is left to pay, the least over the lines that know the ground."""

    key: str
    name: str
    name_en: str = ""
    percent: int = 0

    def local_text(self) -> str:
        return display.value_text(self.name, self.name_en)

    def share(self) -> str:
        """What it brings, in words."""
        return _("được miễn") if self.percent == 0 else _("còn nộp %(percent)s %%") % {"percent": self.percent}


@dataclass(frozen=True)
class Needed:
    """What must be asked; nothing when empty. `bands` are the lines among which the value chooses."""

    counted: tuple[str, ...] = ()
    bands: tuple[FeeLine, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    bases: tuple[str, ...] = ()  # numbers of the legal documents behind the lines
    each: Mapping[str, str] = field(default_factory=dict)  # of what a number is counted: {"page": "copy"}
    on_request: frozenset[str] = frozenset()  # what of `counted` may be none: paid only when it is asked for

    def __bool__(self) -> bool:
        return bool(self.counted or self.bands or self.reliefs)

    def without(self, counted: Iterable[str]) -> "Needed":
        """The same without numbers that are known from elsewhere, such as the answers of a form."""
        known = frozenset(counted)
        return replace(self, counted=tuple(per for per in self.counted if per not in known))

    def least(self, per: str) -> int:
        """The least number of `per` there can be, which is also what is meant when none is said."""
        return 0 if per in self.on_request else 1

    def same_questions(self, other: "Needed") -> bool:
        return _questions(self) == _questions(other)

    def counted_label(self, per: str) -> str:
        """What is asked for when a fee is counted so: "Số trang", "Số trang của mỗi bản"."""
        if not (each := self.each.get(per)):
            return str(_COUNTED[per])
        unit = sentences.per_name(each, "en" if display.english() else "vi")
        return _("%(number)s của mỗi %(unit)s") % {"number": _COUNTED[per], "unit": unit}

    def value_label(self) -> str:
        """Names of what the value decides."""
        return "; ".join(dict.fromkeys(display.value_text(row.name, row.name_en) for row in self.bands))

    def bands_text(self) -> list[str]:
        """Each band with its amount, in words."""
        return [f"{_band(row)}: {_amount(row)}" for row in self.bands]


def _questions(needed: Needed) -> tuple[Any, ...]:
    return needed.counted, needed.each, needed.on_request, bool(needed.bands), {relief.key for relief in needed.reliefs}


def needed_inputs(fee_lines: Iterable[FeeLine], channel: str, case: str = "", on: date | None = None) -> Needed:
    """What the lines of a channel and case ask for; lines that cost nothing whatever is said ask nothing."""
    rows = calculation.lines_in_force(fee_lines, channel, case, on)
    bands = [row for row in rows if calculation.banded_amount(row)]
    if not any(map(_costs, bands)):
        bands = []
    asking = [row for row in rows if _costs(row)]
    reliefs: dict[str, Relief] = {}
    for row in asking:
        for each in row.reliefs:
            before = reliefs.get(each["key"])
            if each["percent"] < (before.percent if before else 100):
                reliefs[each["key"]] = Relief(each["key"], each["name"], each.get("name_en", ""), each["percent"])
    pers = {per for row in asking for per in (row.per, row.each)}
    return Needed(
        counted=tuple(per for per in _COUNTED if per in pers),
        bands=tuple(bands),
        reliefs=tuple(reliefs.values()),
        each={row.per: row.each for row in asking if row.each},
        on_request=frozenset(pers - {per for row in asking if not row.on_request for per in (row.per, row.each)}),
        bases=tuple(dict.fromkeys(row.legal_basis for row in asking if row.legal_basis)),
    )


def _costs(row: FeeLine) -> bool:
    """Whether the line may cost something; one unverified may."""
    return not row.known or row.amount != 0


def _band(row: FeeLine) -> str:
    low, high = row.value_from, row.value_below
    if not low and high is not None:
        return _("dưới %(high)s") % {"high": format_money(high)}
    if high is None:
        return _("từ %(low)s") % {"low": format_money(low or 0)}
    return _("từ %(low)s đến dưới %(high)s") % {"low": format_money(low or 0), "high": format_money(high)}


def _amount(row: FeeLine) -> str:
    if not row.known or row.amount is None:
        return within_sentence(str(display.TO_BE_CONFIRMED))
    return format_money(row.amount)


@dataclass(frozen=True)
class Judged:
    """`facts` hold what is needed and was rightly said; `mistakes` are (quantities.copy | value | exemptions, why)."""

    facts: dict[str, Any] = field(default_factory=dict)
    mistakes: tuple[tuple[str, str], ...] = ()


def validate_inputs(wanted: Needed, given: Mapping[str, Any]) -> Judged:
    """Fee facts as somebody said them, against what is needed. A number that is not said is the least there can be."""
    mistakes: list[tuple[str, str]] = []
    facts: dict[str, Any] = {
        "quantities": _quantities(wanted, given.get("quantities") or {}, mistakes),
        "value": _value(wanted, given.get("value"), mistakes),
        "exemptions": _exemptions(wanted, given.get("exemptions") or (), mistakes),
    }
    return Judged(facts, tuple(mistakes))


def _quantities(wanted: Needed, said: Mapping[str, Any], mistakes: list[tuple[str, str]]) -> dict[str, int]:
    kept = {}
    for per in wanted.counted:
        least = wanted.least(per)
        number = said.get(per, least)
        if isinstance(number, int) and not isinstance(number, bool) and least <= number <= MOST:
            kept[per] = number
        else:
            bounds = {"least": least, "most": MOST}
            mistakes.append((f"quantities.{per}", _("Hãy nhập một số từ %(least)s đến %(most)s.") % bounds))
    mistakes += [(f"quantities.{per}", _not_asked()) for per in said if per not in wanted.counted]
    return kept


def _value(wanted: Needed, said: Any, mistakes: list[tuple[str, str]]) -> int | None:
    if not wanted.bands:
        if said is not None:
            mistakes.append(("value", _not_asked()))
        return None
    if said is None:
        mistakes.append(("value", _("Hãy nhập giá trị bằng đồng, ví dụ 1.500.000.000. Mức thu tùy giá trị này.")))
    elif not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= LARGEST_VALUE:
        most = format_money(LARGEST_VALUE)
        mistakes.append(("value", _("Hãy nhập giá trị là số tiền từ 0 đến %(most)s.") % {"most": most}))
    else:
        return said
    return None


def _exemptions(wanted: Needed, said: Iterable[str], mistakes: list[tuple[str, str]]) -> list[str]:
    known = [relief.key for relief in wanted.reliefs]
    claimed = list(dict.fromkeys(said))
    if unknown := [key for key in claimed if key not in known]:
        sentence = _("Không có diện miễn, giảm “%(key)s” ở trường hợp và cách nộp này.") % {"key": unknown[0]}
        mistakes.append(("exemptions", sentence))
    return [key for key in known if key in claimed]


def _not_asked() -> str:
    return _("Phí, lệ phí của trường hợp và cách nộp này không tính theo điều này. Hãy bỏ ra.")
