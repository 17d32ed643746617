"""What the editor's form holds: the steps as somebody types them, and the buttons that add, move and take away.

Nothing is stored here. Rows have the form of a stored route, but keep an amount as typed until it can be read.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from procedures.routes.amounts import UnreadableAmount
from procedures.routes.amounts import read_amount as read_amount
from procedures.routes.checking import MOST_OPINIONS, MOST_STEPS
from procedures.routes.steps import ACTS, DAY, HOUR, Step, fresh_key, read_steps, write_steps

Row = dict[str, Any]
_UNIT_WORDS = {DAY: "ngày", HOUR: "giờ"}


def rows_of(steps: tuple[Step, ...]) -> list[Row]:
    """Stored steps as rows of the form, every key present."""
    return [_whole(row) for row in write_steps(steps)]


def _whole(row: Row) -> Row:
    amount = str(row.get("amount", "")).replace(".", ",")
    opens = row.get("opens") or {}
    return {
        "key": "",
        "name": "",
        "name_en": "",
        "role": "",
        "agency_key": "",
        "product": "",
        "note": "",
        "share": "",
        "back_to": [],
        "unit": DAY,
        **row,
        "act": row.get("act") or row.get("key", ""),
        "amount": amount,
        "opinions": [
            {"agency_key": "", "role": "", "question": "", "unit": DAY, **o}
            | {"amount": str(o.get("amount", "")).replace(".", ",")}
            for o in row.get("opinions", [])
        ],
        "opens": {"procedure": "", "agency_key": "", "wait": False, **opens},
    }


def posted(data: Mapping[str, str], lists: Mapping[str, list[str]]) -> list[Row]:
    """The rows of a sent form: fields ``s0-name``, …; `lists` gives all values of a name."""
    return [_posted_step(data, lists, f"s{i}-") for i in range(_count(data.get("steps", ""), MOST_STEPS))]


def _posted_step(data: Mapping[str, str], lists: Mapping[str, list[str]], at: str) -> Row:
    def text(name: str, longest: int = 50) -> str:
        return clean_steps(data.get(at + name, ""), longest)

    opinions = []
    for j in range(_count(data.get(at + "opinions", ""), MOST_OPINIONS)):
        opinions.append(
            {
                "agency_key": text(f"o{j}-agency"),
                "role": text(f"o{j}-role"),
                "amount": text(f"o{j}-amount", 20),
                "unit": _unit(text(f"o{j}-unit")),
                "question": text(f"o{j}-question", 500),
            }
        )
    return {
        "key": text("key"),
        "act": text("act"),
        "name": text("name", 200),
        "name_en": text("name_en", 200),
        "role": text("role"),
        "agency_key": text("agency"),
        "amount": text("amount", 20),
        "unit": _unit(text("unit")),
        "share": text("share", 20),
        "product": text("product", 300),
        "note": text("note", 3000),
        "back_to": [clean_steps(key, 50) for key in lists.get(at + "back_to", [])][:MOST_STEPS],
        "opinions": opinions,
        "opens": {
            "procedure": text("opens", 30),
            "agency_key": text("opens_agency"),
            "wait": bool(data.get(at + "opens_wait")),
        },
    }


def clean_steps(text: str, longest: int) -> str:
    """Without control characters, which no field of ours and no database takes."""
    return "".join(c for c in text if c.isprintable() or c == "\n").strip()[:longest]


def _count(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _unit(text: str) -> str:
    return text if text in _UNIT_WORDS else DAY


def pressed(rows: list[Row], button: str) -> bool:
    """Do in place what a button of the form says; whether there was anything to do.

    Buttons: ``add-2`` (behind the second step), ``up-2``, ``down-2``, ``remove-2``, ``ask-2``, ``unask-2-1``.
    """
    name, *numbers = button.split("-")
    places = [int(n) - 1 for n in numbers if n.isascii() and n.isdigit() and len(n) < 4]
    here = places[0] if places else 0
    if name == "add" and len(rows) < MOST_STEPS:
        rows.insert(max(here + 1, 0), _whole({"role": "officer", "act": "verify"}))
        return True
    if not places or not 0 <= here < len(rows):
        return False
    asked = rows[here]["opinions"]
    there = here + {"up": -1, "down": 1}.get(name, 0)
    if there != here and 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    elif name == "remove":
        del rows[here]
    elif name == "ask" and len(asked) < MOST_OPINIONS:
        asked.append({"agency_key": "", "role": "officer", "amount": "", "unit": DAY, "question": ""})
    elif name == "unask" and len(places) > 1 and 0 <= places[1] < len(asked):
        del asked[places[1]]
    else:
        return False
    return True


def finished(rows: list[Row]) -> tuple[tuple[Step, ...], list[tuple[str, str]]]:
    """The steps that the rows say, and what could not be read: (field, sentence)."""
    _give_keys(rows)
    errors: list[tuple[str, str]] = []
    stored = []
    for i, row in enumerate(rows):
        kept = dict(row) | {"act": row["act"] if row["act"] != row["key"] else ""}
        kept["back_to"] = [key for key in row["back_to"] if key]
        kept["opens"] = row["opens"] if row["opens"]["procedure"] else None
        errors += _read_amount(kept, f"s{i}-amount", _("Bước %(n)s") % {"n": i + 1})
        kept["opinions"] = [dict(o) for o in row["opinions"]]
        for j, opinion in enumerate(kept["opinions"]):
            whose = _("Bước %(n)s, ý kiến thứ %(o)s") % {"n": i + 1, "o": j + 1}
            errors += _read_amount(opinion, f"s{i}-o{j}-amount", whose)
        try:
            kept["share"] = str(Fraction(row["share"])) if row["share"] and not kept["amount"] else ""
        except (ValueError, ZeroDivisionError):
            kept["share"] = ""
        stored.append(kept)
    return read_steps(stored), errors


def _read_amount(row: Row, field: str, whose: str) -> list[tuple[str, str]]:
    """Put the amount that was typed into the row, in the unit it says."""
    typed = row["amount"]
    row["amount"] = ""
    if not typed:
        return []
    try:
        limit = read_amount(typed, _UNIT_WORDS[row["unit"]])
    except UnreadableAmount:
        sentence = _("%(whose)s: không đọc được thời hạn “%(text)s”. Hãy ghi số, ví dụ 0,5 hoặc 1/2, rồi chọn đơn vị.")
        return [(field, sentence % {"whose": whose, "text": typed})]
    row["amount"], row["unit"] = str(limit.amount), limit.unit
    return []


def _give_keys(rows: list[Row]) -> None:
    """Every step has a key of its own that begins with its act, so that returns keep pointing at their step."""
    taken = [row["key"] for row in rows]
    renamed: dict[str, str] = {}
    for i, row in enumerate(rows):
        act = row["act"] if row["act"] in ACTS else "step"
        fits = row["key"] == act or row["key"].startswith(f"{act}-")
        if fits and row["key"] not in taken[:i]:
            continue
        former = row["key"]
        row["key"] = fresh_key(act, taken)
        taken[i] = row["key"]
        if former and former not in taken:
            renamed[former] = row["key"]
    for row in rows:
        row["back_to"] = [renamed.get(key, key) for key in row["back_to"]]
