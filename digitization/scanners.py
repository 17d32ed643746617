"""Network scanners: what one shows to drop stacks at a desk. Only the hash of a token is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from digitization.models import ScannerToken

# `used_at` is for people who look; it need not be written with every page.
USED_EVERY = timedelta(minutes=1)
MOST_OF_A_DESK = 20


def issue_token(post: StaffPost, name: str, at: datetime) -> str:
    """A new token of the post's desk, shown this once. What is dropped with it is filed in the post's place."""
    token = secrets.token_urlsafe(32)
    ScannerToken.objects.create(desk=post.desk, post=post, name=name.strip()[:80], sha256=_hash(token), made_at=at)
    return token


def revoke_token(pk: int, desk_id: int, at: datetime) -> bool:
    """Whether there was such a token of the desk to revoke."""
    return bool(ScannerToken.objects.filter(pk=pk, desk_id=desk_id, revoked_at=None).update(revoked_at=at))


def scanner_of(token: str, at: datetime) -> Actor | None:
    """Who drops with `token`: the post that made it, while that is valid and still at this desk."""
    found = (
        ScannerToken.objects.select_related("post__account", "post__agency")
        .filter(sha256=_hash(token), revoked_at=None)
        .first()
    )
    if found is None or (actor := actor_of(found, at)) is None:
        return None
    if found.used_at is None or at - found.used_at >= USED_EVERY:
        with transaction.atomic():
            ScannerToken.objects.filter(pk=found.pk).update(used_at=at)
    return actor


def actor_of(scanner: ScannerToken, at: datetime) -> Actor | None:
    """Who files what the scanner brings: the post that set it up, while that is valid and still at this desk."""
    post, today = scanner.post, timezone.localdate(at)
    valid = post.valid_from <= today and (post.valid_to is None or today <= post.valid_to)
    if not valid or post.desk_id != scanner.desk_id or not post.account.is_active:
        return None
    return Actor(account=post.account, post=post, posts=(post,), channel="scanner")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
