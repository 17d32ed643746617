"""What breaks a caller of the API is named, what is added is not; the present description breaks nobody."""

import json
from copy import deepcopy

import pytest

from exchange.compatibility import breaking_changes
from exchange.management.commands.api_compatibility import RELEASED, present_description

OLD = {
    "paths": {
        "/things/": {
            "get": {
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "string", "maxLength": 9}}],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
                            }
                        }
                    },
                    "404": {},
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
            "New": {
                "type": "object",
                "properties": {"kind": {"type": "string", "enum": ["a", "b"]}, "note": {"type": "string"}},
                "required": ["kind"],
            },
        }
    },
}


def changed(change) -> list[str]:
    new = deepcopy(OLD)
    change(new, new["paths"]["/things/"], new["components"]["schemas"])
    return breaking_changes(OLD, new)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda new, path, schemas: new["paths"].clear(), "is gone"),
        (lambda new, path, schemas: path.pop("post"), "POST /things/: is gone"),
        (lambda new, path, schemas: path["get"]["parameters"].clear(), "parameter q is gone"),
        (lambda new, path, schemas: path["get"]["parameters"][0].update(required=True), "q is demanded"),
        (lambda new, path, schemas: path["get"]["parameters"][0]["schema"].update(maxLength=5), "maxLength"),
        (lambda new, path, schemas: path["get"]["responses"].pop("200"), "no longer answers 200"),
        (lambda new, path, schemas: schemas["Thing"]["properties"].pop("name"), "name is no longer answered"),
        (lambda new, path, schemas: schemas["Thing"]["properties"]["id"].update(type="string"), "was integer"),
        (lambda new, path, schemas: schemas["New"]["required"].append("note"), "note is demanded"),
        (lambda new, path, schemas: schemas["New"]["properties"]["kind"].update(enum=["a"]), "no longer takes b"),
        (lambda new, path, schemas: schemas["New"]["properties"].pop("note"), "note is no longer taken"),
    ],
)
def test_what_breaks_a_caller_is_named(change, words):
    (found,) = [line for line in changed(change) if words in line][:1]
    assert "/things/" in found


@pytest.mark.parametrize(
    "change",
    [
        lambda new, path, schemas: new["paths"].update({"/more/": {"get": {"responses": {}}}}),
        lambda new, path, schemas: schemas["Thing"]["properties"].update(more={"type": "string"}),
        lambda new, path, schemas: schemas["New"]["properties"]["kind"]["enum"].append("c"),
        lambda new, path, schemas: schemas["New"]["required"].clear(),
        lambda new, path, schemas: path["get"]["parameters"][0]["schema"].pop("maxLength"),
        lambda new, path, schemas: path["get"]["responses"].update({"409": {}}),
    ],
)
def test_what_is_added_or_loosened_breaks_nobody(change):
    assert changed(change) == []


def test_no_caller_of_the_released_api_breaks():
    assert breaking_changes(json.loads(RELEASED.read_text(encoding="utf-8")), present_description()) == []
