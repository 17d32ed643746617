"""Gives each request its actor (lazily: a page that asks nothing costs no query)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.actors import ANONYMOUS, Actor
from accounts.posts import valid_posts

POST_SESSION_KEY = "post"
LEVEL_SESSION_KEY = "identity_level"  # what the issuer vouched for at this sign-in; the account's own otherwise


def actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor(address=address_of(request)) if request.META else ANONYMOUS
    posts = valid_posts(request.user)
    chosen = request.session.get(POST_SESSION_KEY)
    post = next((p for p in posts if p.pk == chosen), posts[0] if posts else None)
    return Actor(
        account=request.user,
        post=post,
        posts=tuple(posts),
        address=address_of(request),
        level=min(request.user.level, request.session.get(LEVEL_SESSION_KEY, request.user.level)),
    )


def address_of(request: HttpRequest) -> str:
    """The address of the client, whatever stands between; the wiring has put it there (TRUSTED_PROXIES)."""
    return request.META.get("REMOTE_ADDR", "")


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        return self.get_response(request)
