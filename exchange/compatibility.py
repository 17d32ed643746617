"""Whether a description of the API (OpenAPI 3.1) still serves callers of an earlier one.

A caller breaks when something is gone (an operation, a parameter, an accepted value, an answered field), when something
new is demanded, or when a value has another type. What is added breaks nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = ("get", "put", "post", "delete", "patch")
_DEEPEST = 12


def breaking_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """A line for each thing that breaks a caller of `old`, with its place."""
    return list(_operations(old, new))


def _operations(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method in _METHODS:
            if method not in methods:
                continue
            place = f"{method.upper()} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{place}: is gone"
                continue
            yield from _parameters(place, methods[method], now)
            yield from _bodies(place, old, new, methods[method].get("requestBody"), now.get("requestBody"))
            yield from _answers(place, old, new, methods[method]["responses"], now["responses"])


def _parameters(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before = {(each["in"], each["name"]): each for each in old.get("parameters", [])}
    after = {(each["in"], each["name"]): each for each in new.get("parameters", [])}
    for key, parameter in before.items():
        if key not in after:
            yield f"{place}: parameter {key[1]} is gone"
            continue
        yield from _values(f"{place}: parameter {key[1]}", parameter.get("schema", {}), after[key].get("schema", {}))
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{place}: parameter {key[1]} is demanded"


def _bodies(place: str, old: Mapping[str, Any], new: Mapping[str, Any], before: Any, after: Any) -> Iterator[str]:
    if before is None:
        if after is not None and after.get("required"):
            yield f"{place}: a body is demanded"
        return
    for kind, content in before["content"].items():
        taken = (after or {"content": {}})["content"].get(kind)
        if taken is None:
            yield f"{place}: no longer takes {kind}"
        else:
            yield from _taken(place, old, new, content["schema"], taken["schema"], 0)


def _answers(place: str, old: Mapping[str, Any], new: Mapping[str, Any], before: Any, after: Any) -> Iterator[str]:
    for status, answer in before.items():
        if not status.startswith("2"):
            continue
        if status not in after:
            yield f"{place}: no longer answers {status}"
            continue
        for kind, content in answer.get("content", {}).items():
            given = after[status].get("content", {}).get(kind)
            if given is None:
                yield f"{place}: no longer answers {kind}"
            elif "schema" in content:
                yield from _given(place, old, new, content["schema"], given["schema"], 0)


def _taken(place: str, old: Any, new: Any, before: Any, after: Any, depth: int) -> Iterator[str]:
    """What callers send: nothing more may be demanded, nothing taken less."""
    before, after = _resolved(old, before), _resolved(new, after)
    if depth > _DEEPEST:
        return
    yield from _values(place, before, after)
    names = before.get("properties", {})
    for name in sorted(set(after.get("required", [])) - set(before.get("required", []))):
        yield f"{place}: {name} is demanded"
    for name, inner in names.items():
        if name in after.get("properties", {}):
            yield from _taken(f"{place}: {name}", old, new, inner, after["properties"][name], depth + 1)
        elif after.get("properties"):
            yield f"{place}: {name} is no longer taken"
    if "items" in before and "items" in after:
        yield from _taken(place, old, new, before["items"], after["items"], depth + 1)


def _given(place: str, old: Any, new: Any, before: Any, after: Any, depth: int) -> Iterator[str]:
    """What callers read: every field stays, with its type."""
    before, after = _resolved(old, before), _resolved(new, after)
    if depth > _DEEPEST:
        return
    if before.get("type") and after.get("type") and not _types(after) <= _types(before):
        yield f"{place}: was {before['type']}, is {after['type']}"
    for name, inner in before.get("properties", {}).items():
        if name in after.get("properties", {}):
            yield from _given(f"{place}: {name}", old, new, inner, after["properties"][name], depth + 1)
        else:
            yield f"{place}: {name} is no longer answered"
    if "items" in before and "items" in after:
        yield from _given(place, old, new, before["items"], after["items"], depth + 1)


def _values(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Types, choices and limits of what is taken."""
    if before.get("type") and after.get("type") and not _types(before) <= _types(after):
        yield f"{place}: was {before['type']}, is {after['type']}"
    if "enum" in after and (gone := set(map(str, before.get("enum", []))) - set(map(str, after["enum"]))):
        yield f"{place}: no longer takes {', '.join(sorted(gone))}"
    for limit, narrower in (("maxLength", min), ("maximum", min), ("minLength", max), ("minimum", max)):
        was, now = before.get(limit), after.get(limit)
        if now is not None and now != was and (was is None or narrower(was, now) == now):
            yield f"{place}: {limit} was {was}, is {now}"


def _types(schema: Mapping[str, Any]) -> set[str]:
    kind = schema["type"]
    found = set(kind) if isinstance(kind, list) else {kind}
    return found | {"null"} if schema.get("nullable") else found  # as OpenAPI 3.0 said it


def _resolved(document: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    """The schema that a reference leads to, also through one `allOf` or a choice with null."""
    for _n in range(_DEEPEST):
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif len(schema.get("allOf", [])) == 1:
            schema = schema["allOf"][0]
        elif inner := [each for each in schema.get("oneOf", []) if each.get("type") != "null"]:
            schema = inner[0] if len(inner) == 1 else {}
        else:
            break
    return schema  # type: ignore[no-any-return]
