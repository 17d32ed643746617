"""The one place that says who may do what. Apps register a policy per record type; this module only
dispatches.

`may(actor, action, record)` answers for pages and API alike; `visible(actor, queryset)` narrows a list the
same way. A record type that nobody registered is refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect

from accounts import gates, resume_form_after_login
from accounts.actors import Actor
from accounts.posts_over import holds_no_post_any_more

Policy = Callable[[Actor, str, Any], bool]
Rule = Callable[[Actor, QuerySet], QuerySet]
_policies: dict[type, Policy] = {}
_rules: dict[type, Rule] = {}


def policy(record_type: type) -> Callable[[Policy], Policy]:
    """Register the function (actor, action, record) -> bool of a record type."""

    def register(function: Policy) -> Policy:
        _policies[record_type] = function
        return function

    return register


def queryset_rule(model: type[Model]) -> Callable[[Rule], Rule]:
    """Register the function (actor, queryset) -> queryset that leaves only what the actor may see."""

    def register(function: Rule) -> Rule:
        _rules[model] = function
        return function

    return register


def may(actor: Actor, action: str, record: Any) -> bool:
    record_type = record if isinstance(record, type) else type(record)
    registered = _policies.get(record_type)
    return bool(registered and registered(actor, action, record))


def visible(actor: Actor, queryset: QuerySet) -> QuerySet:
    rule = _rules.get(queryset.model)
    return rule(actor, queryset) if rule else queryset.none()


def require_permission(actor: Actor, action: str, record: Any) -> None:
    if not may(actor, action, record):
        raise PermissionDenied


# Who may open a page at all: a view states it with one of these marks, and a test walks every address and
# finds a page without one. The record's own policy is asked within the view.
PUBLIC, SIGNED_IN, STAFF = "public", "signed-in", "staff"


def open_to(
    *audience: str, refills: bool = False, gated: bool = True
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Mark a view: ``open_to(PUBLIC)``, ``open_to(SIGNED_IN)``, or roles ``open_to("counter", "officer")``.

    Somebody not signed in is led to the sign-in page and what they sent is kept (accounts.resume_form_after_login); a
    post of another role gets 403, never data. A view that `refills` its form reads the kept fields from
    `request.kept` (a QueryDict, empty when there are none); for any other view a page offers to send them on.
    A view that is not `gated` opens even while something else comes first (accounts.gates): it serves that very thing.
    """

    def mark(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if PUBLIC not in audience:
                if not request.user.is_authenticated:
                    return resume_form_after_login.lead_to_sign_in(request)
                if gated and (first := gates.hindrance(request)):
                    return first
                if not _among(request.actor, audience):
                    if request.method == "GET" and holds_no_post_any_more(request.actor):
                        return redirect("choose-post")  # says what became of the posts, and whom to ask
                    raise PermissionDenied
                if kept := resume_form_after_login.keep_only(request):
                    return kept
            request.kept = QueryDict()  # type: ignore[attr-defined]
            if resume_form_after_login.PARAMETER in request.GET and request.method == "GET":
                if not refills:
                    return resume_form_after_login.offer_form(request)
                request.kept = resume_form_after_login.take_form(request)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.audience = frozenset(audience)  # type: ignore[attr-defined]
        return guarded

    return mark


def _among(actor: Actor, audience: tuple[str, ...]) -> bool:
    return SIGNED_IN in audience or (STAFF in audience and actor.is_staff) or actor.role in audience
