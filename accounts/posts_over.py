"""Staff whose posts are all over, or have not begun: what became of them, and whom to ask."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.administration import Role
from accounts.models import Account, StaffPost
from accounts.posts import posts_held

_SHOWN = 5


def holds_no_post_any_more(actor: Actor) -> bool:
    """Whether somebody is of the staff by an account that holds no post now. No query for who holds one."""
    return actor.account is not None and not actor.posts and actor.post is None and actor.account.posts.exists()


def posts_not_held(account: Account) -> QuerySet[StaffPost]:
    """The latest posts of an account that holds none now, with their agency and what took it over."""
    found = StaffPost.objects.filter(account=account).select_related("agency__successor", "delegated_by")
    return found.order_by("-valid_from", "-pk")[:_SHOWN]


def who_gives_posts(posts: list[StaffPost], *, on: date) -> list[StaffPost]:
    """Administrators who could give another post: of those agencies, of what took them over, or of the province."""
    agencies = {post.agency_id for post in posts} | {post.agency.successor_id for post in posts}
    everywhere = StaffPost.objects.filter(role=Role.ADMINISTRATOR).select_related("account", "agency")
    held = posts_held(everywhere, on=on).filter(account__is_active=True)
    near = list(held.filter(agency__in=[pk for pk in agencies if pk])[:_SHOWN])
    return near or list(held.filter(agency__key__in=settings.PROVINCE_ADMINISTRATORS)[:_SHOWN])
