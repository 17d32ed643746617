"""Asking a register over HTTP: one POST of JSON, judged by the code in its answer."""

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from accounts.models import Registry
from core.sealed_numbers import number_word
from journal.outgoing_calls import CallFailed, Request, call_neighbour

PATIENCE_SECONDS = 3.0  # somebody stands at the counter
_DAYS = ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y")


def is_configured(registry: str) -> bool:
    return bool(_address(registry))


def connection_name(registry: str) -> str:
    return f"registry:{registry}"


def ask_register(
    registry: str, number: str, *, purpose: str, officer: str, record: str, reference: str
) -> dict[str, str] | None:
    """What the register says of a number, None when it knows none. Raises CallFailed when no usable answer came."""
    mapping = present_mapping()[registry]
    said = {"number": number, "purpose": purpose, "officer": officer, "record": record}
    request = Request(
        "POST",
        f"{_address(registry)}{mapping['path']}",
        operation="look-up",
        reference=reference,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {_key(registry)}"},
        content=json.dumps(
            {theirs: said[ours] for ours, theirs in mapping["ask"].items()}, ensure_ascii=False
        ).encode(),
        patience=PATIENCE_SECONDS,
    )
    outcome = call_neighbour(connection_name(registry), request)
    if outcome.failed or outcome.status != 200:
        raise CallFailed(f"HTTP {outcome.status}")
    try:
        answer = json.loads(outcome.body)
    except ValueError:
        raise CallFailed("the answer is no JSON") from None
    return _judged(answer, mapping)


def present_mapping() -> dict[str, Any]:
    return _read_mapping(settings.REGISTRIES_MAPPING)


@lru_cache(maxsize=4)
def _read_mapping(place: str) -> dict[str, Any]:
    path = Path(place) if place else Path(__file__).with_name("mapping.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _judged(answer: Any, mapping: dict[str, Any]) -> dict[str, str] | None:
    code = str(answer.get(mapping["code"], "")) if isinstance(answer, dict) else ""
    if code == mapping["none"]:
        return None
    result = answer.get(mapping["result"]) if code == mapping["found"] else None
    if not isinstance(result, dict):
        raise CallFailed(f"the register answers with the code {code[:20]!r}")
    facts = {}
    for ours, theirs in mapping["facts"].items():
        value = result.get(theirs)
        text = str(value).replace("\x00", "").strip()[:300] if isinstance(value, str | int | float) else ""
        if text and ours in mapping.get("digests", ()):
            facts[ours] = number_word(text)
        elif text:
            facts[ours] = day.isoformat() if ours in mapping["days"] and (day := _day(text)) else text
    return facts


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _address(registry: str) -> str:
    return {
        Registry.POPULATION: settings.POPULATION_URL,
        Registry.ENTERPRISE: settings.ENTERPRISE_URL,
        Registry.LAND: settings.LAND_URL,
    }[Registry(registry)].rstrip("/")  # fmt: skip


def _key(registry: str) -> str:
    return {
        Registry.POPULATION: settings.POPULATION_KEY,
        Registry.ENTERPRISE: settings.ENTERPRISE_KEY,
        Registry.LAND: settings.LAND_KEY,
    }[Registry(registry)]  # fmt: skip
