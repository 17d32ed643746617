"""What differs between two facts documents, in what both say without doubt."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procedures.facts import CONFIRMED, Facts


@dataclass(frozen=True)
class Difference:
    label: str | Promise
    before: str
    after: str


def differences(before: Facts, after: Facts) -> list[Difference]:
    """Compare title, field, levels, limits, fees, results and legal basis; doubtful limits and fees are left out.

    English names, guidance and papers are worded by whoever writes the document, so they are not compared here.
    """
    pairs: list[tuple[str | Promise, Any, Any]] = [
        (_("Tên thủ tục"), _title(before), _title(after)),
        (_("Cấp giải quyết"), _levels(before), _levels(after)),
        (_("Thời hạn"), *_common(_limits(before), _limits(after))),
        (_("Phí, lệ phí"), *_common(_amounts(before), _amounts(after))),
        (_("Căn cứ pháp lý"), *_only_here(before["legal_basis"], after["legal_basis"])),
        (_("Mã kết quả"), *_only_here(_results(before), _results(after))),
    ]
    return [Difference(label, _text(old), _text(new)) for label, old, new in pairs if old != new]


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
    """Sum by channel; free is 0. A channel with a doubtful or case-dependent line is left out."""
    channels = {channel for term in facts["terms"] for channel in term["channels"]}
    found: dict[str, str] = {}
    for channel in channels:
        lines = [fee for fee in facts["fees"] if channel in fee["channels"]]
        if all(line["state"] == CONFIRMED and not line.get("case") and line["amount"] is not None for line in lines):
            found[channel] = str(sum(line["amount"] for line in lines))
    return found


def _results(facts: Facts) -> list[str]:
    return [result["code"] for result in facts["results"] if result.get("code")]


def _common(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    keys = sorted(before.keys() & after.keys())
    return {k: before[k] for k in keys}, {k: after[k] for k in keys}


def _only_here(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The carried entry lists what matters, so only what it names and the other does not is a difference."""
    if not before or not after:
        return [], []
    return sorted(set(before) - set(after)), []


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return str(value)
