"""What the OpenAPI document says beyond the serializers: tokens, who may call, and every error with its shape."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.pagination import BasePagination

from exchange.errors import MEDIA_TYPE
from exchange.summaries import SUMMARIES

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457) in the language of Accept-Language: vi or en.",
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:oss-portal:problem:not_found"]},
        "title": {"type": "string", "description": "what the status means"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "a sentence for people that says what to do"},
        "code": {"type": "string", "description": "the last part of `type`, for programs"},
        "message": {"type": "string", "description": "the same as `detail`"},
        "field": {"type": "string", "description": "the first field that was wrong"},
        "fields": {
            "type": "object",
            "additionalProperties": {},
            "description": "sentences at every field that was wrong",
        },
    },
    "required": ["type", "title", "status", "detail", "code", "message"],
}
SAID_OF = {
    "400": "the address, the query or the body is not as described; `fields` says where",
    "401": "no token, a wrong one, or one taken back",
    "403": "the scope or the post does not open this",
    "404": "there is none, or not for the caller",
    "406": "only JSON is answered",
    "409": "somebody was first: read again; or the Idempotency-Key was used for another request",
    "412": "If-Match no longer holds: read again; or the protocol has another version",
    "413": "the body is larger than the portal takes",
    "415": "the body is of a type that this operation does not read",
    "422": "refused by a rule; `field` says which input",
    "460": "the part is not what its checksum says: send it again",
    "429": "more calls than agreed; Retry-After says how many seconds to wait",
    "503": "the database does not answer at present; Retry-After says when to try again",
}


class TextScheme(OpenApiSerializerFieldExtension):
    """A text that must not be empty is not of blanks alone; Python takes NEL and four separators for blanks, too."""

    target_class = "exchange.fields.Text"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        field = self.target
        found: dict[str, Any] = {"type": "string"} | ({"maxLength": field.max_length} if field.max_length else {})
        return found if field.allow_blank else found | {"minLength": 1, "pattern": r"[^\s\x1c-\x1f\x85]"}


class RequestScheme(OpenApiSerializerExtension):
    """A request takes no names but its own."""

    target_class = "exchange.fields.RequestSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        found: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return found | {"additionalProperties": False}


class SystemTokenScheme(OpenApiAuthenticationExtension):
    target_class = "exchange.authentication.SystemTokenAuthentication"
    name = "systemToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class ProblemSchema(AutoSchema):
    """Public operations say that nothing is needed to call them; each operation has its line in the list of operations
    and lists the errors it may answer."""

    def get_summary(self) -> str | None:
        return super().get_summary() or SUMMARIES.get(self.get_operation_id())

    def get_auth(self) -> list[dict[str, Any]]:
        return [{}] if getattr(self.view, "public", False) else super().get_auth()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found = super()._get_response_bodies(direction)
        content = {MEDIA_TYPE: {"schema": self._problem().ref}}
        problems = {
            status: {"content": content, "description": SAID_OF[status]} for status in sorted(set(self._statuses()))
        }
        for status in problems.keys() & {"429", "503"}:
            problems[status]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
        return problems | found

    def _statuses(self) -> Iterator[str]:
        yield from ("400", "406", "429", "503")
        if self.view.get_authenticators():  # what anybody may read is refused to a token that is wrong, too
            yield "401"
        if not getattr(self.view, "public", False):
            yield "403"
        if self.path_regex.count("<") or "{" in self.path or self._pages():
            yield "404"
        if self.method in ("POST", "PUT", "PATCH"):
            yield from ("409", "413", "415")
        yield from getattr(self.view, "further_statuses", ())
        if "If-Match" in {each.get("name") for each in self._get_parameters()}:
            yield "412"
        if self.method in ("POST", "PUT", "PATCH") or getattr(self.view, "refuses_query", False):
            yield "422"

    def _pages(self) -> bool:
        """A list answers 404 to a cursor that was not given here."""
        paginator: BasePagination | None = getattr(self.view, "paginator", None)
        return paginator is not None and self.method == "GET"

    def _problem(self) -> ResolvedComponent:
        component = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(component)
        return component
