"""Connecting other systems: their tokens, scopes and the post in whose place they may act, each on record."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM_CHANNEL, Actor
from accounts.models import Person, StaffPost
from accounts.posts import posts_held
from core.kept_queries import KeptQuery
from core.refusals import NotAllowed, Refused
from exchange.models import ON_BEHALF, AccessToken, ConnectedSystem
from journal import audit_log

SCOPES = ("catalogue", "dossiers:read", "dossiers:file", "dossiers:act", "webhooks", "statistics", ON_BEHALF)
LONGEST_DAYS = 730
# Asked for every request.
_SYSTEM = KeptQuery(lambda digest: ConnectedSystem.objects.filter(token_sha256=digest, active=True), digest="?")
_POST = KeptQuery(
    lambda post, on: posts_held(
        StaffPost.objects.select_related("account", "agency", "desk").filter(pk=post, account__is_active=True), on=on
    ),
    post=-1,
    on=date(1, 1, 1),
)


def new_token() -> tuple[str, str]:
    """(token to hand over once, its SHA-256 to keep)."""
    token = secrets.token_urlsafe(32)
    return token, token_digest(token.encode())


def token_digest(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()


@transaction.atomic
def connect_system(
    name: str, *, scopes: list[str], post: StaffPost | None, days: int, by: Actor, at: datetime
) -> tuple[ConnectedSystem, str]:
    """Give a system (again) a token for so many days; the one before is worth nothing from now on. In a leader's post
    the token waits for `confirm_system`.

    Returns the system and its token, which is kept nowhere. Raises Refused.
    """
    if unknown := set(scopes) - set(SCOPES):
        raise Refused("unknown_scope", _("Không có phạm vi này: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if (ON_BEHALF in scopes) != (post is not None):
        raise Refused("post_and_scope", _("Chọn vị trí và phạm vi “thay vị trí” cùng nhau, hoặc không chọn cả hai."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("bad_days", _("Mã truy cập dùng được từ 1 đến %(days)s ngày.") % {"days": LONGEST_DAYS})
    token, digest = new_token()
    system, made = ConnectedSystem.objects.update_or_create(
        name=name,
        defaults={
            "token_sha256": digest,
            "scopes": sorted(set(scopes)),
            "post": post,
            "active": True,
            "expires_at": at + timedelta(days=days),
            "connected_by_id": by.account_id,
            "confirmed_by": None,
        },
    )
    system.access_tokens.all().delete()
    _record("system_connected" if made else "system_token_renewed", system, by, scopes=system.scopes, days=days)
    return system, token


@transaction.atomic
def confirm_system(pk: int, *, by: Actor) -> ConnectedSystem:
    """A second administrator lets a system act in the place of a leader. Raises Refused."""
    systems = ConnectedSystem.objects.select_for_update(of=("self",)).select_related("post")
    system = systems.filter(pk=pk, active=True).first()
    if system is None or not system.awaits_confirmation:
        raise Refused("nothing_to_confirm", _("Hệ thống này không còn chờ xác nhận. Hãy tải lại trang."))
    if by.account_id is None or by.account_id in (system.connected_by_id, system.post and system.post.account_id):
        raise NotAllowed(
            "four_eyes",
            _(
                "Người cấp mã và người giữ vị trí lãnh đạo không tự xác nhận hệ thống làm thay vị trí ấy. Hãy nhờ quản "
                "trị viên khác."
            ),
        )
    system.confirmed_by_id = by.account_id
    system.save(update_fields=["confirmed_by"])
    _record("system_confirmed", system, by)
    return system


def disconnect_system(system: ConnectedSystem, *, by: Actor) -> None:
    """Its token is worth nothing from now on."""
    ConnectedSystem.objects.filter(pk=system.pk).update(active=False)
    system.access_tokens.all().delete()
    _record("system_disconnected", system, by)


def system_of_token(token: bytes, *, at: datetime) -> ConnectedSystem:
    """The system that holds this token, its own or a short-lived one, with its post loaded where it acts in one. Asked
    anew for every request; with a short-lived one it has the scopes of that.

    Raises Refused when token, post or the account of the post's holder no longer holds.
    """
    digest = token_digest(token)
    system = next(iter(_SYSTEM.records(digest=digest)), None)
    if system is not None:
        return _checked(system, at)
    tokens = AccessToken.objects.select_related("system").filter(system__active=True, expires_at__gt=at)
    short = tokens.filter(token_sha256=digest).first()
    if short is None:
        return _checked(None, at)
    system = _checked(short.system, at)
    system.scopes = sorted(set(system.scopes) & set(short.scopes))
    if ON_BEHALF not in system.scopes:
        system.post = None
    return system


def system_of_secret(token: bytes, *, at: datetime) -> ConnectedSystem:
    """As `system_of_token`, by the system's own long-lived token only."""
    return _checked(next(iter(_SYSTEM.records(digest=token_digest(token))), None), at)


def _checked(system: ConnectedSystem | None, at: datetime) -> ConnectedSystem:
    if system is None:
        raise Refused("bad_token", _("Mã truy cập không đúng hoặc đã bị thu hồi."))
    if system.expires_at <= at:
        raise Refused("expired_token", _("Mã truy cập đã hết hạn. Hãy xin quản trị viên mã mới."))
    if system.post_id is not None:
        post = next(iter(_POST.records(post=system.post_id, on=timezone.localdate(at))), None)
        if post is None:
            raise Refused(
                "post_ended",
                _(
                    "Vị trí mà hệ thống này làm thay đã kết thúc hoặc tài khoản của vị trí bị khóa. Hãy báo quản "
                    "trị viên."
                ),
            )
        system.post = post
        if system.awaits_confirmation:
            raise Refused(
                "unconfirmed",
                _(
                    "Hệ thống này làm thay một vị trí lãnh đạo và còn chờ quản trị viên thứ hai xác nhận. Hãy báo quản "
                    "trị viên."
                ),
            )
    return system


def actor_of_system(system: ConnectedSystem, *, represents: Person | None = None, address: str = "") -> Actor:
    """Who acts when a system does: itself, in its post's place or for a person."""
    post = system.post
    return Actor(
        post=None if represents else post,
        posts=(post,) if post else (),
        system=system.name,
        scopes=frozenset(system.scopes),
        channel=SYSTEM_CHANNEL,
        address=address,
        represents=represents,
    )


def _record(verb: str, system: ConnectedSystem, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(
        verb,
        f"system:{system.pk}",
        by=by,
        name=system.name,
        post=system.post_id,
        **changes,
    )
