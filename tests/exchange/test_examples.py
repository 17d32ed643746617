"""Every operation of the API shows an example, and each example is what the description says."""

import pytest
from jsonschema import Draft202012Validator

from dossiers.lifecycle import TABLE
from dossiers.lifecycle.table import SET_BASED
from dossiers.models import Substate
from exchange.management.commands.api_compatibility import present_description
from exchange.summaries import SUMMARIES


@pytest.fixture(scope="module")
def described():
    return present_description()


def operations(described):
    return {each["operationId"]: each for methods in described["paths"].values() for each in methods.values()}


def contents(operation):
    """(what it is, media) of the body and of the good answers."""
    found = [("request", media) for media in operation.get("requestBody", {}).get("content", {}).values()]
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            found += [(status, media) for media in answer.get("content", {}).values()]
    return found


def parameters(operation):
    return [(each["name"], each) for each in operation.get("parameters", [])]


def test_every_operation_shows_one(described):
    bare = {
        name
        for name, each in operations(described).items()
        if not any("example" in shown for _p, shown in [*contents(each), *parameters(each)])
    }
    assert bare == set()


def test_every_operation_says_what_it_does_in_a_line_of_its_own(described):
    lines = {name: each.get("summary", "") for name, each in operations(described).items()}
    assert [name for name, line in lines.items() if not line] == []
    assert len(set(lines.values())) == len(lines) == len(SUMMARIES)


def test_every_idempotency_key_is_described_with_the_length_that_is_taken(described):
    keys = [
        (n, p) for n, each in operations(described).items() for name, p in parameters(each) if "Idempotency" in name
    ]
    assert {n for n, p in keys if p.get("required")} >= {"dossiers_create", "intakes_create"}
    assert [n for n, p in keys if (p["schema"].get("minLength"), p["schema"].get("maxLength")) != (8, 64)] == []


def test_each_is_what_the_description_says(described):
    for name, operation in operations(described).items():
        for place, media in [*contents(operation), *parameters(operation)]:
            if "example" in media:
                schema = {**media["schema"], "components": described["components"]}
                wrong = [
                    f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(media["example"])
                ]
                assert wrong == [], f"{name} {place}"


def test_what_a_receiver_of_webhooks_gets_is_described_with_every_action(described):
    told = described["webhooks"]["dossier"]["post"]
    media = told["requestBody"]["content"]["application/json"]
    assert list(Draft202012Validator(media["schema"]).iter_errors(media["example"])) == []
    assert set(media["schema"]["properties"]["data"]["properties"]["action"]["enum"]) == {*TABLE, *SET_BASED}
    assert {each["name"] for each in told["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_every_substate_that_an_action_leaves_is_described(described):
    known = set(described["components"]["schemas"]["SubstateEnum"]["enum"])
    assert known == {*Substate.values, "counter", "appraisal"}  # lifecycle/effects.py: ask_supplement
