"""A row of another system's file in our words, by a mapping that is data (docs/operators.md describes it)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import yaml
from django.utils.translation import gettext as _

from core.refusals import Refused
from vietnam.working_time import VIETNAM

# What a row may say, in our words.
TEXTS = (
    "code", "procedure", "case", "channel", "state", "substate", "outcome", "content", "agency", "owner_kind",
    "owner_name", "owner_number", "filer_name", "filer_number", "phone", "email", "address", "limit_amount",
    "limit_unit", "fee", "fee_method", "step", "holder", "supplement_reason",
)  # fmt: skip
BEGINS = ("filed_at", "received_at", "step_since", "supplement_asked_at")  # a day without an hour is its first hour
ENDS = (
    "answer_due_at", "original_due_at", "due_at", "finished_at", "returned_at", "closed_at", "fee_paid_at",
    "supplement_answer_by",
)  # fmt: skip
LISTS = ("pauses", "history", "files", "supplement_items")
FIELDS = (*TEXTS, *BEGINS, *ENDS, *LISTS)
_OPTIONS = ("fields", "values", "defaults", "dates", "day_begins", "day_ends", "lists")
_PARTS = {
    "pauses": ("reason", "began_at", "ended_at"),
    "history": ("at", "actor", "text", "state"),
    "files": ("path", "name", "kind", "paper", "number", "issued_on", "signer"),
    "supplement_items": ("name",),
}
_IN_LISTS = {"began_at": True, "ended_at": True, "at": True, "issued_on": True}


@dataclass(frozen=True)
class FieldMapping:
    """`fields`: our word -> their column; `values`: our word -> their value -> ours; `lists`: our list -> our part ->
    theirs. `dates`: the forms that days and moments are written in, tried in turn after ISO 8601."""

    fields: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y%m%d%H%M%S")
    day_begins: time = time(8, 0)
    day_ends: time = time(17, 0)


class Unreadable(Exception):
    """Values that are none of their kind; `said` is what could be read of the row beside them."""

    def __init__(self, *fields: str, said: dict[str, Any] | None = None) -> None:
        super().__init__(", ".join(fields))
        self.fields, self.said = fields, said or {}


def read_mapping(text: str) -> FieldMapping:
    """A mapping from its YAML. Raises Refused with what is wrong in it."""
    try:
        # Texts only: codes such as 04663 and 1.003460 would become other numbers.
        said = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - makes texts, lists and tables only
    except yaml.YAMLError as error:
        raise Refused("bad_yaml", _("Bảng ánh xạ không phải YAML đọc được: %s") % str(error)[:200]) from None
    if not isinstance(said, dict) or not isinstance(said.get("fields"), dict):
        raise Refused("no_fields", _("Bảng ánh xạ phải có mục “fields”: tên trường của cổng, rồi tên cột trong tệp."))
    if unknown := sorted(map(str, set(said) - set(_OPTIONS))):
        raise Refused("unknown_option", _("Bảng ánh xạ có mục không biết: %s.") % ", ".join(unknown))
    named = {*said["fields"], *(said.get("values") or {}), *(said.get("defaults") or {})}
    parts = {part for group in _PARTS.values() for part in group}
    if unknown := sorted(map(str, named - set(FIELDS) - parts)):
        raise Refused("unknown_field", _("Bảng ánh xạ nêu tên không biết: %s.") % ", ".join(unknown))
    if lacking := [name for name in ("code", "procedure", "state", "agency") if name not in named]:
        raise Refused("field_lacking", _("Bảng ánh xạ thiếu: %s.") % ", ".join(lacking))
    known = {name: said[name] for name in ("fields", "values", "defaults", "lists") if said.get(name)}
    try:
        if "dates" in said:
            known["dates"] = tuple(map(str, said["dates"]))
        for name in ("day_begins", "day_ends"):
            if name in said:
                known[name] = time.fromisoformat(str(said[name]))
        known["values"] = {name: {str(k): str(v) for k, v in rows.items()} for name, rows in known["values"].items()} \
            if "values" in known else {}  # fmt: skip
        return FieldMapping(**known)
    except (TypeError, ValueError, AttributeError) as error:
        raise Refused("bad_mapping", _("Bảng ánh xạ viết sai: %s.") % str(error)[:200]) from None


def code_of(row: Mapping[str, Any], mapping: FieldMapping) -> str:
    """The other system's code of a row; "" when it has none."""
    text = _text(_cell(row, str(mapping.fields.get("code", "")))) or str(mapping.defaults.get("code", ""))
    return mapping.values.get("code", {}).get(text, text)


def mapped_row(row: Mapping[str, Any], mapping: FieldMapping) -> dict[str, Any]:
    """Our words with texts, moments and lists; what the row does not say is left out.

    Raises Unreadable with every value that cannot be read.
    """
    found: dict[str, Any] = {}
    unreadable: list[str] = []
    for name in FIELDS:
        try:
            value = _value(name, _cell(row, str(mapping.fields.get(name, ""))), mapping)
        except Unreadable as failure:
            unreadable += failure.fields
            continue
        if value:
            found[name] = value
    if unreadable:
        raise Unreadable(*unreadable, said=found)
    return found


def _value(name: str, raw: Any, mapping: FieldMapping) -> Any:
    """Raises Unreadable."""
    if name in LISTS:
        return _list(name, raw, mapping)
    text = _text(raw) or str(mapping.defaults.get(name, ""))
    text = mapping.values.get(name, {}).get(text, text)
    if text and (name in BEGINS or name in ENDS):
        return read_moment(text, mapping, name, ends=name in ENDS)
    return text


def _cell(row: Mapping[str, Any], column: str) -> Any:
    """A column by its name, or a path through nested objects ("ChuHoSo.Ten")."""
    if column in row or not column:
        return row.get(column)
    value: Any = row
    for part in column.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _list(name: str, raw: Any, mapping: FieldMapping) -> list[dict[str, Any]]:
    """Rows of a list; in a CSV file the cell holds JSON."""
    if isinstance(raw, str) and raw.strip():
        try:
            raw = json.loads(raw)
        except ValueError:
            raise Unreadable(name) from None
    if raw in (None, ""):
        return []
    if not isinstance(raw, list):
        raise Unreadable(name)
    theirs = mapping.lists.get(name, {})
    found = []
    for each in raw:
        if isinstance(each, str):
            each = {theirs.get(_PARTS[name][0], _PARTS[name][0]): each}
        if not isinstance(each, Mapping):
            raise Unreadable(name)
        said: dict[str, Any] = {}
        for part in _PARTS[name]:
            text = _text(each.get(str(theirs.get(part, part))))
            text = mapping.values.get(part, {}).get(text, text)
            if text:
                said[part] = read_moment(text, mapping, f"{name}.{part}", ends=part == "ended_at") \
                    if part in _IN_LISTS else text  # fmt: skip
        found.append(said)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    return " ".join(str(value).replace("\x00", "").split()) if "\n" not in str(value) else str(value).strip()


def read_moment(text: str, mapping: FieldMapping, name: str, *, ends: bool) -> datetime:
    """A moment; a day alone is the hour at which offices open, or close where something ends. Without a zone it is
    Vietnam's. Raises Unreadable."""
    hour = mapping.day_ends if ends else mapping.day_begins
    try:
        if len(text) == 10 and text[4:5] == "-":
            return datetime.combine(date.fromisoformat(text), hour, VIETNAM)
        moment = datetime.fromisoformat(text) if text[4:5] == "-" else None
    except ValueError:
        raise Unreadable(name) from None
    for form in mapping.dates if moment is None else ():
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if not any(mark in form for mark in ("%H", "%I", "%X", "%c", "%T")):
            moment = datetime.combine(moment.date(), hour)
        break
    if moment is None or not 1990 <= moment.year <= 2099:
        raise Unreadable(name)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
