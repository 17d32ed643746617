"""Somebody of the staff has lost their second factor: one administrator asks, another one decides."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account, FactorRecovery
from accounts.passwords import reset_password
from accounts.permissions import may
from accounts.sessions import end_sessions
from accounts.signals import account_notice
from core.refusals import NotAllowed, Refused
from journal import audit_log


@transaction.atomic
def ask_recovery(account: Account, *, reason: str, by: Actor, at: datetime) -> FactorRecovery:
    """Raises Refused."""
    _check(account, by)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if FactorRecovery.objects.filter(account=account, decided_at=None).exists():
        raise Refused("asked_before", _("Đã có một yêu cầu khôi phục cho tài khoản này chờ người thứ hai."))
    row = FactorRecovery.objects.create(account=account, reason=reason[:300], asked_by=by.account, asked_at=at)
    _record("recovery_asked", row, by)
    account_notice.send(sender=Account, account=account, kind="recovery_asked", facts={"by": by.label}, at=at)
    return row


@transaction.atomic
def decide_recovery(row: FactorRecovery, *, approve: bool, by: Actor, at: datetime) -> str:
    """Take the factors away, sign out everywhere and give an initial password, which is returned and kept nowhere; or
    decline, which returns "". Raises Refused."""
    row = FactorRecovery.objects.select_for_update(of=("self",)).select_related("account").get(pk=row.pk)
    _check(row.account, by)
    if row.decided_at is not None:
        raise Refused("decided", _("Yêu cầu này đã được quyết định."))
    if by.account is not None and row.asked_by_id == by.account.pk:
        raise NotAllowed("four_eyes", _("Người yêu cầu không được tự duyệt. Hãy nhờ quản trị viên thứ hai."))
    row.decided_by, row.decided_at, row.approved = by.account, at, approve
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    _record("recovery_approved" if approve else "recovery_declined", row, by)
    if not approve:
        return ""
    remove_factors(row.account, at=at)
    return reset_password(row.account, by=by, at=at)


def remove_factors(account: Account, *, at: datetime) -> None:
    """No factor and no PIN any more, and no session that was opened with them."""
    Authenticator.objects.filter(user=account).delete()
    Account.objects.filter(pk=account.pk).update(pin="")
    end_sessions(account.sessions.all())
    account_notice.send(sender=Account, account=account, kind="second_factor_removed", facts={}, at=at)


def _check(account: Account, by: Actor) -> None:
    if by.account is None or by.account.pk == account.pk or not may(by, "recover", account):
        raise NotAllowed("not_allowed", _("Vị trí của bạn không được khôi phục tài khoản này."))


def _record(verb: str, row: FactorRecovery, by: Actor) -> None:
    audit_log.record_entry(
        verb,
        f"account:{row.account_id}",
        by=by,
        recovery=row.pk,
        reason=row.reason,
    )
