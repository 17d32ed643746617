"""Invented figures for a trial sheet: small ones whose sums hold as the form's checks want them."""

from typing import Any

from reports.forms.drawing import LEVEL_NAMES
from reports.forms.printed import PrintedForm

_ROWS = (("Hộ tịch", 60), ("Đất đai", 120), ("Xây dựng", 30))


def trial_content(printed: PrintedForm) -> dict[str, Any]:
    """Content as reports.forms.making.compute gives it."""
    rows: list[dict[str, Any]] = [
        {"level": level, "key": place, "name": name, "values": _values(printed, whole)}
        for level in (LEVEL_NAMES if printed.form.by_level else ("",))
        for place, (name, whole) in enumerate(_ROWS)
    ]
    total = {column.key: sum(row["values"][column.key] for row in rows) for column in printed.columns}
    return {"rows": rows, "total": total}


def _values(printed: PrintedForm, whole: int) -> dict[str, int]:
    checks = printed.form.checks
    found = {column.key: 1 for column in printed.columns}

    def split(number: int, value: int) -> None:
        found[str(number)] = value
        for one, parts in checks:
            if one == number:
                share, rest = divmod(value, len(parts))
                for place, part in enumerate(parts):
                    split(part, share + (rest if place == 0 else 0))

    parts_of_others = {part for _whole, parts in checks for part in parts}
    for root in dict.fromkeys(one for one, _parts in checks if one not in parts_of_others):
        split(root, whole)
    return found
