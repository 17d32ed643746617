"""An outside fuzzer at every operation of the API: what the description says is what is answered."""

from functools import cache

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig

from exchange.schema import PROBLEM
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.systems import connected_system

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

# Whatever a schema cannot say, such as whether a procedure exists, a rule refuses by 422. NUL, which no schema excludes
# and every operation refuses by 400, has its own test (tests/test_unkept_characters.py).
RULES = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}},
    "generation": {"allow-x00": False},
}
EXAMPLES, FEW = 40, 12
# Small operations that share their parts with the larger ones.
SMALL = ("agencies", "uploads", "token", "files/{uid}", "messages", "payments", "results")


@cache
def described_api():
    """The description as the portal gives it, asked for once: it is the same for every operation."""
    config = SchemathesisConfig.from_dict(RULES)
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application(), config=config)


@pytest.fixture
def described(cast, edition, settings):
    """The API as the description has it, called by a system that may do everything its post may."""
    settings.LIMITS = {name: (10**9, 60) for name in settings.LIMITS}
    received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    caller = connected_system("fuzzer", post=cast.counter.post)
    # As the test client does it: the connection belongs to the test's transaction, so no request closes it.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield described_api(), caller.headers
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [
    ("/api/v1/statistics/definitions/", "GET"),
    ("/api/v1/procedures/", "GET"),
    ("/api/v1/procedures/{code}/", "GET"),
    ("/api/v1/track/{code}/", "GET"),
    ("/api/v1/due-date/", "GET"),
    ("/api/v1/agencies/", "GET"),
    ("/api/v1/token/", "POST"),
    ("/api/v1/files/", "POST"),
    ("/api/v1/files/{uid}/", "GET"),
    ("/api/v1/uploads/", "POST"),
    ("/api/v1/uploads/{uid}/", "DELETE"),
    ("/api/v1/intakes/", "POST"),
    ("/api/v1/dossiers/", "GET"),
    ("/api/v1/dossiers/", "POST"),
    ("/api/v1/dossiers/{code}/", "GET"),
    ("/api/v1/dossiers/{code}/messages/", "GET"),
    ("/api/v1/dossiers/{code}/messages/", "POST"),
    ("/api/v1/dossiers/{code}/payments/", "GET"),
    ("/api/v1/dossiers/{code}/payments/{uid}/", "POST"),
    ("/api/v1/dossiers/{code}/results/", "GET"),
    ("/api/v1/dossiers/{code}/{action}/", "POST"),
    ("/api/v1/statistics/", "GET"),
    ("/api/v1/statistics/service-index/", "GET"),
    ("/api/v1/webhooks/", "GET"),
    ("/api/v1/webhooks/messages/", "GET"),
    ("/api/v1/webhooks/{uid}/", "DELETE"),
    ("/api/v1/webhooks/{uid}/replay/", "POST"),
    ("/api/v1/webhooks/{uid}/secret/", "POST"),
]
# The first looks for the host that it is given, so a fuzzer would ask for names outside; it knows no way to write the
# parts of the second, which has tests of its own (test_uploads.py).
NOT_FUZZED = (("/api/v1/webhooks/", "POST"), ("/api/v1/uploads/{uid}/", "PATCH"))
OAUTH = "/api/v1/token/"  # answers its errors as RFC 6749 has them


def test_every_operation_is_fuzzed_and_says_its_errors(described):
    schema, _headers = described
    found = {(o.ok().path, o.ok().method.upper()) for o in schema.get_all_operations()}
    assert found == {*OPERATIONS, *NOT_FUZZED}
    document = schema.raw_schema
    public = {path for path, _method in OPERATIONS[:7]}
    assert document["components"]["schemas"]["Problem"]["required"] == PROBLEM["required"]
    for path, method in (*OPERATIONS, *NOT_FUZZED):
        operation = document["paths"][path][method.lower()]
        errors = {status: each for status, each in operation["responses"].items() if status >= "4"}
        assert {"400", "406", "429", "503"} <= set(errors)
        own = {"400", "401"} if path == OAUTH else set()
        assert all("application/problem+json" in each["content"] for name, each in errors.items() if name not in own)
        assert (operation["security"] == [{}]) == (path in public)
        assert "401" in errors, "a wrong token is refused also where none is wanted"


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda value: value.strip("/"))
def test_what_is_described_is_what_is_answered(described, path, method):
    schema, headers = described
    operation = schema[path][method]

    @settings(
        max_examples=FEW if any(name in path for name in SMALL) else EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def fuzzed(case):
        case.call_and_validate(headers={**headers, "Accept-Encoding": "identity"})

    fuzzed()
