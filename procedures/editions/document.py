"""The facts document of an edition: one canonical JSON value, the format of procedures/catalogue/schema.json.

A path names a fact within it: ``terms/0``, ``fees/2``, ``documents/declaration``, ``online_level``, ``code``,
``settled_by/commune``. An edition is immutable, so a path keeps its meaning for ever.
"""

import copy
import hashlib
import json
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

Facts = dict[str, Any]

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"
CONFIRMED, TO_BE_CONFIRMED = "confirmed", "to_be_confirmed"


class InvalidFacts(ValueError):
    """The document is no valid facts document; `problems` are sentences for the person who writes it."""

    def __init__(self, code: str, problems: list[str]) -> None:
        self.code, self.problems = code, problems
        super().__init__(f"{code}: " + "; ".join(problems))


def yaml_data(path: Path) -> Any:
    """The plain data of a YAML file, by the parser in C where it is built in (eight times as fast)."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  both loaders are safe ones


def canonical_text(entry: Facts, *, field: Facts | None = None, source: str = "") -> Facts:
    """The document with its defaults written out: `field` and `source` of the file, `state` of the procedure.

    Text is NFC without outer spaces; keys without a value are left out, so that equal facts are equal bytes.
    """
    facts = _tidy(copy.deepcopy(entry))
    if field is not None:
        facts["field"] = _tidy(dict(field))
    state = facts.setdefault("state", CONFIRMED)
    origin = facts.setdefault("source", source) or "npsp-2026-07"
    for part in ("terms", "fees", "documents"):
        for fact in facts.setdefault(part, []):
            fact.setdefault("state", state)
            fact.setdefault("source", origin)
    for term in facts["terms"]:
        term.setdefault("amount", None)
        term.setdefault("unit", None)
    for fee in facts["fees"]:
        fee.setdefault("amount", None)
        fee.setdefault("per", "dossier")
    for document in facts["documents"]:
        document.setdefault("required", True)
        document.setdefault("kind", "submit")
        document.setdefault("originals", 0)
        document.setdefault("copies", 0)
    facts.setdefault("online_level", {"value": "none"}).setdefault("state", TO_BE_CONFIRMED)
    for period in facts.get("excluded", []):
        period.setdefault("state", state)
        period.setdefault("source", origin)
    if facts.get("free") is False:
        del facts["free"]
    elif isinstance(facts.get("free"), dict):
        facts["free"] = {"state": state, "source": origin} | facts["free"]
    return facts


def free_channels(facts: Facts) -> list[str]:
    """The ways of filing in which the document says that nothing is paid."""
    free = facts.get("free")
    if not free:
        return []
    named = free.get("channels") if isinstance(free, dict) else None
    return named or _offered(facts)


def free_beside_fees(facts: Facts, before: Facts) -> Any:
    """What the document says of being free now that its fee lines are others than those of the document `before`.

    A way of filing without a line stays free where that was said; without any line every way is.
    """
    paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
    said = before.get("free")
    if not paid:
        return (said or True) if facts["terms"] else None
    unpaid = [channel for channel in free_channels(before) if channel not in paid]
    if not unpaid:
        return None
    named = said if isinstance(said, dict) else {"state": CONFIRMED, "source": before.get("source", "controller")}
    return {**named, "channels": unpaid}


def _offered(facts: Facts) -> list[str]:
    return list(dict.fromkeys(channel for term in facts["terms"] for channel in term["channels"]))


def _tidy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tidy(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def digest_of(facts: Facts) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads((CATALOGUE / "schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})


def problems_of(facts: Facts, *, bundled: bool = False) -> list[str]:
    """What is wrong with a canonical document, one sentence each; empty when it is valid."""
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or 'document'}: {error.message[:300]}"
        for error in _validator("bundled" if bundled else "procedure").iter_errors(facts)
    ]
    if found:
        return found
    cases = {case["key"] for case in facts.get("cases", [])}
    for part in ("terms", "fees", "documents", "excluded"):
        found += [
            f"{part}/{i}: no case {fact['case']}"
            for i, fact in enumerate(facts.get(part, []))
            if fact.get("case") and fact["case"] not in cases
        ]
    found += _repeated("terms", [(t.get("case", ""), c) for t in facts["terms"] for c in t["channels"]])
    found += _repeated("documents", [document["key"] for document in facts["documents"]])
    found += [
        f"documents/{i}: a secret paper has no electronic form and stands in no store"
        for i, document in enumerate(facts["documents"])
        if document.get("secret") and document.get("from_store")
    ]
    found += _repeated("cases", [case["key"] for case in facts.get("cases", [])])
    found += _repeated("excluded", [period["key"] for period in facts.get("excluded", [])])
    paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
    found += [f"free: {channel} has a fee" for channel in free_channels(facts) if channel in paid]
    if bundled:
        said = paid | set(free_channels(facts))
        found += [f"fees: nothing is said of {channel}" for channel in _offered(facts) if channel not in said]
    found += [
        f"fees/{i}: value_below is not above value_from"
        for i, fee in enumerate(facts["fees"])
        if fee.get("value_below") is not None and fee["value_below"] <= fee.get("value_from", 0)
    ]
    found += [
        f"fees/{i}: counts_to is below counts_from"
        for i, fee in enumerate(facts["fees"])
        if fee.get("counts_to") and fee["counts_to"] < fee.get("counts_from", 1)
    ]
    found += [
        f"fees/{i}: each is what the line counts already"
        for i, fee in enumerate(facts["fees"])
        if fee.get("each") == fee["per"]
    ]
    found += [
        f"fees/{i}: {fee[key]} is no day"
        for i, fee in enumerate(facts["fees"])
        for key in ("valid_from", "valid_to")
        if fee.get(key) and not _is_day(fee[key])
    ]
    found += [
        f"fees/{i}: valid_to is before valid_from"
        for i, fee in enumerate(facts["fees"])
        if fee.get("valid_to") and fee["valid_to"] < fee.get("valid_from", "")
    ]
    found += _repeated("supplement/again", [row["stage"] for row in facts.get("supplement", {}).get("again", [])])
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _repeated(part: str, keys: list[Any]) -> list[str]:
    return [f"{part}: {key} is given twice" for key in sorted({k for k in keys if keys.count(k) > 1})]


def require_valid(facts: Facts, *, bundled: bool = False) -> None:
    """Raise InvalidFacts when the document is not valid."""
    found = problems_of(facts, bundled=bundled)
    if found:
        raise InvalidFacts(facts.get("code", "?"), found)


def queries_of(facts: Facts) -> list[Facts]:
    """Every open query of the document: those its reader named, and one for each other fact to be confirmed.

    Each is {kind, path, raw?, proposal?}; a proposal is the value that would be confirmed.
    """
    named = list(facts.get("doubts", []))
    known = {open_query["path"] for open_query in named}
    open_facts = [
        *((f"terms/{i}", "limit_to_be_confirmed", term) for i, term in enumerate(facts["terms"])),
        *((f"fees/{i}", "fee_to_be_confirmed", fee) for i, fee in enumerate(facts["fees"])),
        *((f"documents/{d['key']}", "document_to_be_confirmed", d) for d in facts["documents"]),
        ("online_level", "online_level_to_be_confirmed", facts["online_level"]),
    ]
    found = [
        {"kind": kind, "path": path, "proposal": _value(path, fact)}
        for path, kind, fact in open_facts
        if fact["state"] == TO_BE_CONFIRMED and path not in known and not _left_to_council(fact)
    ]
    found += [
        {"kind": "fee_set_by_council", "path": f"fees/{i}"}
        for i, fee in enumerate(facts["fees"])
        if _left_to_council(fee) and f"fees/{i}" not in known
    ]
    free = facts.get("free")
    if isinstance(free, dict) and free["state"] == TO_BE_CONFIRMED:
        found.append({"kind": "free_to_be_confirmed", "path": "free", "proposal": {"amount": 0}})
    if facts.get("code_state") == TO_BE_CONFIRMED:
        found.append({"kind": "code_to_be_confirmed", "path": "code", "proposal": {"value": facts["code"]}})
    return named + found


def _left_to_council(fact: Facts) -> bool:
    """Whether the provincial Council sets the amount, and what it set has not been entered."""
    return fact.get("set_by") == "province" and fact["amount"] is None


def _value(path: str, fact: Facts) -> Facts:
    part = path.split("/")[0]
    keys = {
        "terms": ("amount", "unit", "after_15h_next_day"),
        "fees": ("amount", "per", "kind", "name"),
        "documents": ("name", "originals", "copies"),
        "online_level": ("value",),
    }[part]
    return {key: fact[key] for key in keys if fact.get(key) is not None}


def fact_at(facts: Facts, path: str) -> Any:
    """The fact that a path names; None when the document has none."""
    part, _, key = path.partition("/")
    if part in ("terms", "fees"):
        return facts[part][int(key)] if key.isdigit() and int(key) < len(facts[part]) else None
    if part == "documents" and key:
        return next((document for document in facts[part] if document["key"] == key), None)
    if part == "settled_by" and key and isinstance(facts.get(part), dict):
        return facts[part].get(key)
    return facts.get(part)


def with_decisions(facts: Facts, path: str, value: Facts, *, source: str = "controller") -> Facts:
    """A copy of the document in which the fact at `path` has the decided `value`, confirmed, its open queries gone."""
    changed = copy.deepcopy(facts)
    part, _, key = path.partition("/")
    if part == "code":
        changed.pop("code_state", None)
    elif part == "settled_by":
        before = changed.get("settled_by", {})
        agencies = before if isinstance(before, dict) else dict.fromkeys(served_levels(facts), before)
        changed["settled_by"] = {**agencies, key: value["value"]}
    elif part == "free":
        _decide_free(changed, value, source)
    else:
        fact = fact_at(changed, path)
        if isinstance(fact, dict):
            fact.update({k: v for k, v in value.items() if v is not None})
            for name in [k for k, v in value.items() if v is None and k not in ("amount", "unit")]:
                fact.pop(name, None)
            fact.update(state=CONFIRMED, source=source)
    remaining = [open_query for open_query in changed.get("doubts", []) if open_query["path"] != path]
    if remaining:
        changed["doubts"] = remaining
    else:
        changed.pop("doubts", None)
    return changed


def _decide_free(facts: Facts, value: Facts, source: str) -> None:
    """Nothing is paid, as was said; or an amount is, in the ways of filing of which it was said."""
    if amount := value.get("amount"):
        line = {"name": "Phí, lệ phí", "kind": "unknown", "channels": free_channels(facts), "amount": amount}
        facts["fees"].append({"per": "dossier", **line, "state": CONFIRMED, "source": source})
        del facts["free"]
    elif value:
        facts["free"] |= {"state": CONFIRMED, "source": source}


def served_levels(facts: Facts) -> list[str]:
    """The levels that an agency of the province settles."""
    return [level for level in facts["levels"] if level in ("province", "commune")]


def is_receivable(facts: Facts) -> bool:
    """Whether a one-stop shop of a province receives it: it has a province or commune level."""
    return bool(served_levels(facts))
