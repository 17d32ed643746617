"""What a receiver of webhooks gets, put into the API's description: headers, body, and every action by its name."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import translation

from dossiers.lifecycle.table import SET_BASED, TABLE
from exchange.webhooks.delivery import PATIENCE_SECONDS
from exchange.webhooks.messages import ToldEvent, content_of
from vietnam.working_time import VIETNAM

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_HEADERS = {
    "webhook-id": "stays the same when the message is sent again: act on it once",
    "webhook-timestamp": "seconds since 1970; libraries refuse one of more than five minutes ago",
    "webhook-signature": "`v1,` and a signature in base64; for two days after a change of secret there are two",
}
_SAYS = f"""Sent to the addresses of `POST /webhooks/`, signed as Standard Webhooks has it: let one of its libraries
verify the body as it arrived, with the headers and the secret, before you believe it. Answer within
{PATIENCE_SECONDS:.0f} seconds by any 2xx; otherwise it comes again, later and later. A dossier's messages come in
their order. They hold no personal data: read the dossier.

The actions: """


def add_webhooks(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular: ``webhooks`` of OpenAPI 3.1."""
    with translation.override("en"):
        labels = {rule.action: str(rule.label) for rule in TABLE.values()} | {k: str(v) for k, v in SET_BASED.items()}
        example = content_of(_example())
    result["webhooks"] = {
        "dossier": {
            "post": {
                "operationId": "told_of_an_action",
                "summary": "What happened to a dossier that the system may see",
                "description": _SAYS + "; ".join(f"`{name}` {label}" for name, label in labels.items()) + ".",
                "tags": ["webhooks"],
                "security": [],
                "parameters": [
                    {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": said}
                    for name, said in _HEADERS.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _schema(list(labels)), "example": example}},
                },
                "responses": {"2XX": {"description": "taken; nothing of the answer is read"}},
            }
        }
    }
    return result


def _schema(actions: list[str]) -> dict[str, Any]:
    state = _object(number=_NUMBER, name=_TEXT)
    data = _object(
        code=_TEXT,
        uid={"type": "string", "format": "uuid"},
        procedure_code=_TEXT,
        revision=_NUMBER,
        action={"type": "string", "enum": actions},
        from_state=_NUMBER,
        state=state,
        at=_MOMENT,
        automatic={"type": "boolean"},
    )
    return _object(type={"type": "string", "description": "`dossier.` and the action"}, timestamp=_MOMENT, data=data)


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _example() -> ToldEvent:
    return ToldEvent(
        code="H05.160-261123-0001",
        uid=uuid.UUID("2f1c7e0a-5b1d-4c59-9d0d-5a4f6c1f2b33"),
        procedure_code="1.013228",
        revision=3,
        action="accept",
        from_state=1,
        to_state=2,
        at=datetime(2026, 11, 23, 9, 10, tzinfo=VIETNAM),
        automatic=False,
    )
