"""Examples of the API's operations, put into the description."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("examples.yaml")


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular: each operation with an example shows it."""
    examples = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    for methods in result["paths"].values():
        for operation in methods.values():
            known: Mapping[str, Any] = examples.get(operation["operationId"], {})
            if "request" in known:
                _put(operation.get("requestBody", {}).get("content", {}), known["request"])
            for parameter in operation.get("parameters", []):
                if parameter["name"] in known.get("parameters", {}):
                    parameter["example"] = known["parameters"][parameter["name"]]
            if "response" in known:
                good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
                for answer in good:
                    _put(answer.get("content", {}), known["response"])
    return result


def _put(content: Mapping[str, Any], example: Any) -> None:
    for kind, media in content.items():
        if isinstance(example, str) or "json" in kind:
            media["example"] = example
