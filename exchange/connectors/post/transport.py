"""One call of the post's service, judged by the code in its answer."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from core.refusals import Refused
from exchange.connectors.post import NAME
from journal.outgoing_calls import CallFailed, Request, call_neighbour


def is_configured() -> bool:
    return bool(settings.POST_URL and settings.POST_KEY)


def present_mapping() -> dict[str, Any]:
    return _read_mapping(settings.POST_MAPPING)


@lru_cache(maxsize=4)
def _read_mapping(place: str) -> dict[str, Any]:
    path = Path(place) if place else Path(__file__).with_name("mapping.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def call_post(method: str, path: str, fields: dict[str, Any] | None = None, *, reference: str) -> dict[str, Any]:
    """The answer. Raises CallFailed when none came, Refused in the post's own words when it says no."""
    outcome = call_neighbour(
        NAME,
        Request(
            method,
            f"{settings.POST_URL.rstrip('/')}/{path}",
            operation=path.partition("/")[0],
            reference=reference,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.POST_KEY}"},
            content=json.dumps(fields, ensure_ascii=False).encode() if fields is not None else None,
        ),
    )
    if outcome.failed or outcome.status in (401, 403, 404):
        raise CallFailed(f"HTTP {outcome.status}", in_doubt=True)
    try:
        answer = json.loads(outcome.body)
    except ValueError:
        raise CallFailed("the answer is no JSON", in_doubt=True) from None
    names = present_mapping()
    if not isinstance(answer, dict):
        raise CallFailed("the answer is no object", in_doubt=True)
    if str(answer.get(names["answer"]["code"])) != names["good"]:
        raise Refused("post_refuses", str(answer.get(names["answer"]["words"], ""))[:300] or "?")
    return answer
